// A task as ECS and the load balancer tell of it, in the words of a rollout. Pure.
//
//   ECS     PROVISIONING, PENDING   ACTIVATING, RUNNING                     DEACTIVATING   STOPPING   DEPROVISIONING, STOPPED
//   target                          not healthy    healthy    draining
//   here    PENDING                 ACTIVATING     RUNNING    DEACTIVATING  DEACTIVATING   STOPPING   STOPPED
import type { Task } from "@aws-sdk/client-ecs";
import type { Balancer } from "../../deploy/balancer.ts";
import type { FleetTask } from "../../deploy/fleet.ts";
import { addressText, type TargetStates } from "../../deploy/target-story.ts";
import type { TargetState } from "../../stack/elb.ts";
import type { Address } from "../../stack/platforms/platform.ts";
import type { TaskStatus } from "../../stack/task-life.ts";
import { topology } from "../../stack/topology.ts";
import type { DefinedRelease } from "./task-definition.ts";

/** The server in the task calls itself by so much of the task's id. */
const SERVER_ID_CHARS = 12;

export const serverIdOf = (taskArn: string): string =>
  taskArn.slice(taskArn.lastIndexOf("/") + 1).slice(0, SERVER_ID_CHARS);

/** What each group says of its targets. */
export type GroupStates = ReadonlyMap<string, TargetStates>;

export async function groupStates(
  targetStates: Balancer["targetStates"],
  groups: readonly string[],
): Promise<GroupStates> {
  return new Map(await Promise.all(groups.map(async (arn) => [arn, await targetStates([arn])] as const)));
}

export interface Registration {
  readonly targetGroupArn: string;
  readonly state: TargetState;
}

/** Where ECS has registered it; a former server at the same address may still be draining in the other group. */
export function registrationOf(address: Address | null, groups: GroupStates): Registration | undefined {
  if (address === null) return undefined;
  const found = [...groups].flatMap(([targetGroupArn, states]) => {
    const state = states.get(addressText(address));
    return state === undefined ? [] : [{ targetGroupArn, state }];
  });
  return found.find(({ state }) => state !== "draining") ?? found[0];
}

export function fleetTask(task: Task, release: DefinedRelease, groups: GroupStates): FleetTask {
  const { version, generation } = release;
  const address = addressOf(task);
  const registration = registrationOf(address, groups);
  const { targetGroupArn } = registration ?? release;
  return {
    id: serverIdOf(task.taskArn ?? ""),
    ...{ version, generation, targetGroupArn, address },
    status: statusOf(task, registration?.state),
    stoppedReason: stoppedReasonOf(task),
  };
}

/** Null until it has a network interface. */
export function addressOf({ attachments = [] }: Task): Address | null {
  const details = attachments.flatMap((attachment) => attachment.details ?? []);
  const host = details.find(({ name }) => name === "privateIPv4Address")?.value;
  return host === undefined ? null : { host, port: topology.targetGroups.game.port };
}

function statusOf({ desiredStatus, lastStatus }: Task, target: TargetState | undefined): TaskStatus {
  switch (lastStatus) {
    case "STOPPED":
    case "DEPROVISIONING": // its process has ended, only the network interface is still there
      return "STOPPED";
    case "STOPPING":
      return "STOPPING";
    case "DEACTIVATING":
      return "DEACTIVATING";
    case "ACTIVATING":
    case "RUNNING":
      if (desiredStatus === "STOPPED" || target === "draining") return "DEACTIVATING";
      return target === "healthy" ? "RUNNING" : "ACTIVATING";
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
