// A task as ECS and the load balancer tell of it, in the words of a rollout. Pure.
//
//   ECS     PROVISIONING, PENDING   ACTIVATING, RUNNING                     DEACTIVATING   STOPPING   DEPROVISIONING, STOPPED
//   target                          not healthy    healthy    draining
//   here    PENDING                 ACTIVATING     RUNNING    DEACTIVATING  DEACTIVATING   STOPPING   STOPPED
import type { Task } from "@aws-sdk/client-ecs";
import type { FleetTask } from "../../deploy/fleet.ts";
import { addressText, type TargetStates } from "../../deploy/target-story.ts";
import type { Address } from "../../stack/platforms/platform.ts";
import type { TaskStatus } from "../../stack/task-life.ts";
import { topology } from "../../stack/topology.ts";
import type { DefinedRelease } from "./task-definition.ts";

/** The server in the task calls itself by so much of the task's id. */
const SERVER_ID_CHARS = 12;

export const serverIdOf = (taskArn: string): string =>
  taskArn.slice(taskArn.lastIndexOf("/") + 1).slice(0, SERVER_ID_CHARS);

export function fleetTask(task: Task, release: DefinedRelease, targets: TargetStates): FleetTask {
  const { version, generation, targetGroupArn } = release;
  const address = addressOf(task);
  return {
    id: serverIdOf(task.taskArn ?? ""),
    ...{ version, generation, targetGroupArn, address },
    status: statusOf(task, address, targets),
    stoppedReason: stoppedReasonOf(task),
  };
}

/** Null until it has a network interface. */
export function addressOf({ attachments = [] }: Task): Address | null {
  const details = attachments.flatMap((attachment) => attachment.details ?? []);
  const host = details.find(({ name }) => name === "privateIPv4Address")?.value;
  return host === undefined ? null : { host, port: topology.targetGroups.game.port };
}

function statusOf({ desiredStatus, lastStatus }: Task, address: Address | null, targets: TargetStates): TaskStatus {
  switch (lastStatus) {
    case "STOPPED":
    case "DEPROVISIONING": // its process has ended, only the network interface is still there
      return "STOPPED";
    case "STOPPING":
      return "STOPPING";
    case "DEACTIVATING":
      return "DEACTIVATING";
    case "ACTIVATING":
    case "RUNNING": {
      const target = address === null ? undefined : targets.get(addressText(address));
      if (desiredStatus === "STOPPED" || target === "draining") return "DEACTIVATING";
      return target === "healthy" ? "RUNNING" : "ACTIVATING";
    }
    default:
      return desiredStatus === "STOPPED" ? "STOPPING" : "PENDING";
  }
}

function stoppedReasonOf({ containers = [], stoppedReason }: Task): string | null {
  if (stoppedReason === undefined) return null;
  const failed = containers.find(({ exitCode, reason }) => (exitCode ?? 0) !== 0 || reason !== undefined);
  const how = failed?.reason ?? (failed?.exitCode === undefined ? undefined : `exit code ${failed.exitCode}`);
  return how === undefined ? stoppedReason : `${stoppedReason}: ${how}`;
}
