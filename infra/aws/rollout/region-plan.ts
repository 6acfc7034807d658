// What a rollout is going to do in one region, worked out from what runs there. It changes nothing.
import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { type Plan, planDeploy, type Wanted } from "../../deploy/plan.ts";
import { Refusal } from "../../stack/refusal.ts";
import { topology } from "../../stack/topology.ts";
import type { EcsFleet } from "./ecs-fleet.ts";
import type { EcsService } from "./ecs-service.ts";
import type { Place } from "./place.ts";
import { readDefinition } from "./task-definition.ts";

export interface RegionWish extends Omit<Wanted, "servingArn"> {
  /** Takes back a deployment that is under way. */
  readonly undoUnfinished: boolean;
}

/** Throws a Refusal when something stands in the way. */
export async function planRegion(
  { undoUnfinished, ...wanted }: RegionWish,
  place: Place,
  service: EcsService,
  fleet: EcsFleet,
): Promise<Plan> {
  const [servingArn] = place.targetGroupArns;
  const [standing, deployment] = await Promise.all([service.describe(), service.underWay()]);
  if (deployment !== undefined && !undoUnfinished) throw underWay(place, deployment);
  if (wanted.strategy === "rolling" && servingArn !== place.primaryArn) throw inOtherGroup(place);
  const newest = readDefinition(await service.newestDefinition(place.family));
  // Both generations at once, each as large as the service may become.
  const plan = planDeploy(await fleet.list(), { ...wanted, servingArn }, 2 * topology.autoscaling.aws.maxServers);
  return {
    ...plan,
    count: standing.desiredCount ?? plan.count,
    // ECS forgets stopped tasks within the hour; task definitions stay.
    generation: Math.max(plan.generation, newest.generation + 1),
    isUnfinished: plan.isUnfinished || deployment !== undefined,
  };
}

function underWay({ region }: Place, { createdAt, status }: ServiceDeployment): Refusal {
  const since = createdAt === undefined ? "" : ` since ${createdAt.toISOString()}`;
  return new Refusal(
    "deployment-under-way",
    `A deployment is under way in ${region.id}${since} (${status}): wait for its end, or take it back first by --undo-unfinished.`,
  );
}

const inOtherGroup = ({ region }: Place): Refusal =>
  new Refusal(
    "other-group",
    `In ${region.id} a blue/green rollout has left the servers in the alternate group, and ECS rolls in the first one only: use --strategy blue-green.`,
  );
