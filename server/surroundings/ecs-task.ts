// What ECS says of the task that this server runs in. The endpoint (task metadata, version 4) is on the container's own machine, and there
// before the container starts; its network may be told a moment later.

import { z } from "zod";
import type { Clock } from "../clock.ts";

/** The endpoint has this long to answer with all that is wanted … */
export const METADATA_TIMEOUT_MS = 5_000;
/** … and one question no longer than this. */
const QUESTION_TIMEOUT_MS = 1_000;
const PAUSE_MS = 200;
/** Of the task's id: enough to tell tasks of one service apart, and short enough for a log and a table. */
const ID_CHARACTERS = 12;

export interface EcsTask {
  /** The first characters of its id. */
  readonly id: string;
  /** Its IPv4 address in the VPC. */
  readonly host: string;
  /** Of its task definition. */
  readonly revision: number;
  readonly availabilityZone: string | undefined;
}

export interface EcsTaskDependencies {
  readonly uri: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

const metadata = z.object({
  /** arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID */
  TaskARN: z.string().regex(/^arn:[^/]+:task\/.*[0-9a-f]{12,}$/),
  Revision: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
  AvailabilityZone: z.string().optional(),
  /** With the network mode awsvpc, which is Fargate's only one, all containers of a task have the same address. */
  Containers: z.array(
    z.object({ Networks: z.array(z.object({ IPv4Addresses: z.array(z.ipv4()).default([]) })).default([]) }),
  ),
});

export class EcsTaskUnknown extends Error {
  readonly code = "ecs-task-unknown";
}

/** Rejects with EcsTaskUnknown when the endpoint has not said everything after METADATA_TIMEOUT_MS. */
export async function askEcsTask({ uri, clock, fetch }: EcsTaskDependencies): Promise<EcsTask> {
  const untilMs = clock.now() + METADATA_TIMEOUT_MS;
  for (;;) {
    let why: string;
    try {
      const signal = AbortSignal.timeout(QUESTION_TIMEOUT_MS);
      const answer = await fetch(`${uri}/task`, { signal });
      const read = answer.ok ? readEcsTask(await answer.json()) : `it answers with status ${answer.status}`;
      if (typeof read !== "string") return read;
      why = read;
    } catch (error) {
      why = (error as Error).message;
    }
    if (clock.now() + PAUSE_MS >= untilMs) {
      throw new EcsTaskUnknown(`cannot learn from ${uri}/task which task this is: ${why}`);
    }
    await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
  }
}

/** A string says what is missing. */
export function readEcsTask(said: unknown): EcsTask | string {
  const read = metadata.safeParse(said);
  if (!read.success) return `its answer has no usable ${read.error.issues[0]!.path.join(".") || "content"}`;
  const { TaskARN, Revision, AvailabilityZone, Containers } = read.data;
  const host = Containers.flatMap(({ Networks }) => Networks.flatMap(({ IPv4Addresses }) => IPv4Addresses))[0];
  if (host === undefined) return "its answer has no IPv4 address yet";
  const id = TaskARN.slice(TaskARN.lastIndexOf("/") + 1).slice(0, ID_CHARACTERS);
  return { id, host, revision: Revision, availabilityZone: AvailabilityZone };
}
