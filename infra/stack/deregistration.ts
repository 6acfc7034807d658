// How tasks leave the load balancer: deregistered, then drained. The agent decides when, and what comes after.
import type { Clock } from "./clock.ts";
import type { ElbPort } from "./elb.ts";
import type { TaskEntry } from "./task-entry.ts";
import { isAlive } from "./task-life.ts";

const POLL_MS = 250;
/** How much longer than the deregistration delay a target may show `draining` before the agent goes on without it. */
const DRAIN_SLACK_MS = 10_000;

/** One DeregisterTargets for each target group. A refusal is said, and the tasks go all the same: their targets will be unhealthy. */
export async function deregister(
  entries: readonly TaskEntry[],
  elb: ElbPort,
  say: (line: string) => void,
): Promise<void> {
  const groups = new Set(entries.map((entry) => entry.spec.targetGroupArn));
  await Promise.all(
    [...groups].map(async (group) => {
      const leaving = entries.filter((entry) => entry.spec.targetGroupArn === group);
      const addresses = leaving.flatMap((entry) => entry.task?.address ?? []);
      try {
        await elb.deregisterTargets(group, addresses);
      } catch (error) {
        const ids = leaving.map((entry) => entry.spec.id).join(", ");
        say(`Cannot deregister ${ids}: ${(error as Error).message}.`);
      }
    }),
  );
}

export interface DrainWatch {
  readonly elb: ElbPort;
  readonly clock: Clock;
  readonly deregistrationDelayMs: number;
  readonly say: (line: string) => void;
}

/** Waits until the target has left `draining`, or the process has ended by itself, which it may once it is empty. */
export async function untilDrained(entry: TaskEntry, watch: DrainWatch): Promise<void> {
  const { elb, clock, deregistrationDelayMs, say } = watch;
  const address = entry.task?.address;
  if (!address) return;
  const deadlineMs = clock.nowMs() + deregistrationDelayMs + DRAIN_SLACK_MS;
  while (isAlive(entry.status) && clock.nowMs() < deadlineMs) {
    const state = await elb.targetState(entry.spec.targetGroupArn, address).catch((error: Error) => error);
    if (state instanceof Error) say(`Cannot see whether ${entry.spec.id} has drained: ${state.message}.`);
    else if (state !== "draining") return;
    await clock.sleep(POLL_MS, entry.ended.signal);
  }
}
