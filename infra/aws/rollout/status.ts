// `npm run aws -- status`: what runs in a region, as ECS, the load balancer and the servers see it.

import { targetStates } from "../../deploy/elb-balancer.ts";
import type { FleetTask } from "../../deploy/fleet.ts";
import type { ServerWords } from "../../deploy/server-words.ts";
import { formatTable } from "../../stack/table.ts";
import { isAlive } from "../../stack/task-life.ts";
import type { AwsClients } from "../commands/aws-clients.ts";
import { EcsService } from "./ecs-service.ts";
import { fleetTask, groupStates, registrationOf } from "./ecs-task.ts";
import { readFleetz } from "./fleetz.ts";
import type { Place } from "./place.ts";
import { readDefinition } from "./task-definition.ts";

export interface ServerStatus extends Omit<FleetTask, "stoppedReason"> {
  /** Of its target; `unused` where the load balancer does not know it. */
  readonly target: string;
  /** What it says of itself; null while it does not. */
  readonly says: ServerWords | null;
}

export interface RegionStatus {
  readonly region: string;
  readonly url: string;
  /** How many servers there should be. */
  readonly desired: number;
  /** Of a deployment that is under way; null when the service stands still. */
  readonly deployment: string | null;
  readonly servers: readonly ServerStatus[];
}

export async function readStatus(place: Place, aws: Pick<AwsClients, "ecs" | "elb">): Promise<RegionStatus> {
  const service = new EcsService(aws.ecs, place);
  const [standing, deployment, tasks, groups, said] = await Promise.all([
    service.describe(),
    service.underWay(),
    service.tasks(),
    groupStates((arns) => targetStates(aws.elb, arns), place.targetGroupArns),
    readFleetz(place),
  ]);
  const servers = await Promise.all(
    tasks.map(async (task) => {
      const release = readDefinition(await service.definition(task.taskDefinitionArn ?? ""));
      const { stoppedReason: _, ...server } = fleetTask(task, release, groups);
      const target = registrationOf(server.address, groups)?.state ?? "unused";
      return { ...server, target, says: said.get(server.id) ?? null };
    }),
  );
  return {
    region: place.region.id,
    url: place.url,
    desired: standing.desiredCount ?? 0,
    deployment: deployment?.status ?? null,
    servers: servers.filter(({ status }) => isAlive(status)).sort((a, b) => a.generation - b.generation),
  };
}

const HEADS = ["server", "version", "gen", "task", "target", "says", "players", "rooms"];

export function statusText(url: string | undefined, regions: readonly RegionStatus[]): string {
  const tables = regions.map(({ region, desired, deployment, servers, url: own }) => {
    const doing = deployment === null ? "" : `, a deployment is under way (${deployment})`;
    const rows = servers.map(({ id, version, generation, status, target, says }) => [
      ...[id, version, String(generation), status, target],
      ...(says === null ? ["-", "-", "-"] : [says.state, String(says.players), String(says.rooms)]),
    ]);
    return [`${region}  ${own}  ${servers.length} of ${desired} servers${doing}`, "", formatTable(HEADS, rows)].join(
      "\n",
    );
  });
  return [`Play at ${url ?? "nowhere yet"}`, ...tables].join("\n\n");
}
