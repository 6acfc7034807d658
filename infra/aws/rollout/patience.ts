// Reads that AWS refuses only for the moment are asked again: a rollout must not be given up because an API was busy.
import type { Clock } from "../../stack/clock.ts";
import type { Refusal } from "../../stack/refusal.ts";
import { awsRefusal } from "../commands/aws-errors.ts";
import { PATIENCE_MS, PATIENCE_POLL_MS } from "./limits.ts";

/** `doing` completes "Cannot …". Rejects with a Refusal: at once for what will not pass, else when patience ends. */
export async function patiently<T>(doing: string, clock: Clock, read: () => Promise<T>): Promise<T> {
  const untilMs = clock.nowMs() + PATIENCE_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const refusal = awsRefusal(error, doing);
      if (!isPassing(error, refusal) || clock.nowMs() >= untilMs) throw refusal;
      await clock.sleep(PATIENCE_POLL_MS);
    }
  }
}

const isPassing = (error: unknown, { code }: Refusal): boolean =>
  code === "throttled" || code === "unreachable" || (error as { $fault?: string }).$fault === "server";
