// A client whose requests are asked again when AWS refuses them only for the moment: a rollout must not be given up because
// an API was busy. All that a rollout asks for may be asked for twice.
import type { Clock } from "../../stack/clock.ts";
import { awsRefusal } from "../commands/aws-errors.ts";
import { PATIENCE_MS, PATIENCE_POLL_MS } from "./limits.ts";

interface Client {
  send(command: never): Promise<unknown>;
}

/** Rejects as `client` does: at once for what will not pass, else when patience ends. */
export function patient<T extends Client>(client: T, clock: Clock): Pick<T, "send"> {
  const send = async (command: never): Promise<unknown> => {
    const untilMs = clock.nowMs() + PATIENCE_MS;
    for (;;) {
      try {
        return await client.send(command);
      } catch (error) {
        if (!isPassing(error) || clock.nowMs() >= untilMs) throw error;
        await clock.sleep(PATIENCE_POLL_MS);
      }
    }
  };
  return { send } as Pick<T, "send">;
}

function isPassing(error: unknown): boolean {
  const { code } = awsRefusal(error, "ask");
  return code === "throttled" || code === "unreachable" || (error as { $fault?: string }).$fault === "server";
}
