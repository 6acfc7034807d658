// Who this server is among the others, and where the load balancer finds it: as its environment says, else ECS, else the machine.

import type { networkInterfaces } from "node:os";
import { type Config, ConfigError, isLabel } from "../config.ts";
import type { EcsTask } from "./ecs-task.ts";
import { outerAddresses } from "./own-address.ts";

export interface Whereabouts {
  readonly id: string;
  /** The host that it is registered with at its target group, unless TARGET_ADDRESS says it. */
  readonly host: string;
  /** Of its task definition; 0 outside of ECS. */
  readonly revision: number;
  readonly availabilityZone: string | undefined;
}

export interface Surroundings {
  /** Undefined outside of ECS. */
  readonly task: EcsTask | undefined;
  readonly hostname: string;
  readonly interfaces: ReturnType<typeof networkInterfaces>;
}

/** Listening on all addresses says nothing about the one that the load balancer uses. */
const ANY_HOST = new Set(["0.0.0.0", "::"]);

/** Throws ConfigError when the environment has to say more. */
export function findWhereabouts(config: Config, around: Surroundings): Whereabouts {
  const { task, hostname } = around;
  return {
    id: config.SERVER_ID ?? task?.id ?? idFrom(hostname),
    host: hostOf(config, around),
    revision: task?.revision ?? 0,
    availabilityZone: task?.availabilityZone,
  };
}

function idFrom(hostname: string): string {
  if (isLabel(hostname)) return hostname;
  throw new ConfigError(
    `cannot start: environment variable SERVER_ID is required, because the host name ${hostname} cannot be one`,
  );
}

function hostOf({ HOST, TARGET_ADDRESS, TARGET_GROUP_ARN }: Config, { task, interfaces }: Surroundings): string {
  if (TARGET_ADDRESS !== undefined || !ANY_HOST.has(HOST)) return HOST;
  if (task) return task.host;
  const all = outerAddresses(interfaces);
  if (all.length === 1) return all[0]!;
  if (TARGET_GROUP_ARN === undefined) return HOST;
  const has = all.length === 0 ? "no address that others could use" : `more than one: ${all.join(", ")}`;
  throw new ConfigError(
    `cannot start: environment variable TARGET_ADDRESS is required when HOST is ${HOST} and the machine has ${has}`,
  );
}
