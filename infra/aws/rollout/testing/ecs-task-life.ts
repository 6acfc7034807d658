// For tests: the life of one task of the stand-in ECS, from a network interface to its loss.
import type { Clock } from "../../../stack/clock.ts";
import { definitionOf, isRunning, type ModelState, type ModelTask } from "./ecs-state.ts";

/** Fargate takes it away after the process has ended. */
const INTERFACE_MS = 10_000;

export async function startTask(state: ModelState, clock: Clock, definitionArn: string, group: string): Promise<void> {
  state.lastNumber += 1;
  const number = state.lastNumber;
  const task: ModelTask = {
    arn: `arn:aws:ecs:eu-west-1:111122223333:task/tidegate-eu/${String(number).padStart(32, "0").split("").reverse().join("")}`,
    ...{ definitionArn, group, host: `10.0.0.${number}`, desiredStatus: "RUNNING", lastStatus: "PROVISIONING" },
    ...{ target: "unused", protectedUntilMs: 0, wasHealthy: false, stoppedReason: undefined },
  };
  state.tasks.push(task);
  const { behaviour } = state;
  const definition = definitionOf(state, definitionArn);
  await clock.sleep(behaviour.startMs / 2);
  if (task.lastStatus === "PROVISIONING") task.lastStatus = "PENDING";
  await clock.sleep(behaviour.startMs / 2);
  if (!isRunning(task)) return;
  if (behaviour.isBroken(definition)) return dieTask(task, "Essential container in task exited");
  task.lastStatus = "RUNNING";
  task.target = "initial";
  await clock.sleep(behaviour.healthyAfterMs);
  if (task.target !== "initial") return;
  task.target = behaviour.isSick(definition) ? "unhealthy" : "healthy";
  task.wasHealthy ||= task.target === "healthy";
}

/** Deregistered, the full delay, SIGTERM, its process ends, its network interface goes. */
export async function endTask(state: ModelState, clock: Clock, task: ModelTask): Promise<void> {
  const { behaviour } = state;
  task.desiredStatus = "STOPPED";
  task.stoppedReason = "Scaling activity initiated by deployment";
  if (task.lastStatus === "RUNNING") {
    task.target = "draining";
    task.lastStatus = "DEACTIVATING";
    await clock.sleep(behaviour.deregistrationDelayMs);
  }
  task.target = "unused";
  task.lastStatus = "STOPPING";
  await clock.sleep(behaviour.endMs);
  task.lastStatus = "DEPROVISIONING";
  await clock.sleep(INTERFACE_MS);
  task.lastStatus = "STOPPED";
}

/** Its process ends without being asked. */
function dieTask(task: ModelTask, reason: string): void {
  task.desiredStatus = "STOPPED";
  task.lastStatus = "STOPPED";
  task.target = "unused";
  task.stoppedReason = reason;
}
