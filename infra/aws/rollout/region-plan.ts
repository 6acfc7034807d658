// What a rollout is going to do in one region, worked out from what runs there. It changes nothing.
import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { type Plan, planDeploy, type Wanted } from "../../deploy/plan.ts";
import { Refusal } from "../../stack/refusal.ts";
import { isWanted } from "../../stack/task-life.ts";
import { topology } from "../../stack/topology.ts";
import type { EcsFleet } from "./ecs-fleet.ts";
import type { EcsService } from "./ecs-service.ts";
import type { Place } from "./place.ts";
import { inOtherGroup } from "./serving-group.ts";
import { readDefinition } from "./task-definition.ts";

export interface RegionWish extends Omit<Wanted, "servingArn"> {
  /** Takes back a deployment that is under way. */
  readonly undoUnfinished: boolean;
}

export interface RegionPlan {
  readonly plan: Plan;
  /** The first one serves, or will again when what is unfinished has been taken back. */
  readonly targetGroupArns: readonly [string, string];
}

/** Throws a Refusal when something stands in the way. */
export async function planRegion(
  { undoUnfinished, ...wanted }: RegionWish,
  place: Place,
  service: EcsService,
  fleet: EcsFleet,
): Promise<RegionPlan> {
  const [standing, deployment, tasks] = await Promise.all([service.describe(), service.underWay(), fleet.list()]);
  if (deployment !== undefined && !undoUnfinished) throw underWay(place, deployment);
  const wantedNow = readDefinition(await service.definition(standing.taskDefinition ?? ""));
  const newest = readDefinition(await service.newestDefinition(place.family));
  // ECS may have moved the traffic already: whoever was there before it began serves again.
  const former = tasks.find((task) => isWanted(task.status) && task.generation !== wantedNow.generation);
  const [serving, other] = place.targetGroupArns;
  const servingArn = (deployment && former?.targetGroupArn) ?? serving;
  if (wanted.strategy === "rolling" && servingArn !== place.primaryArn) {
    throw inOtherGroup(place.region, "use --strategy blue-green");
  }
  // Both generations at once, each as large as the service may become.
  const plan = planDeploy(tasks, { ...wanted, servingArn }, 2 * topology.autoscaling.aws.maxServers);
  return {
    plan: {
      ...plan,
      count: standing.desiredCount ?? plan.count,
      // ECS forgets stopped tasks within the hour; task definitions stay.
      generation: Math.max(plan.generation, newest.generation + 1),
      isUnfinished: plan.isUnfinished || deployment !== undefined,
    },
    targetGroupArns: servingArn === serving ? [serving, other] : [other, serving],
  };
}

function underWay({ region }: Place, { createdAt, status }: ServiceDeployment): Refusal {
  const since = createdAt === undefined ? "" : ` since ${createdAt.toISOString()}`;
  return new Refusal(
    "deployment-under-way",
    `A deployment is under way in ${region.id}${since} (${status}): wait for its end, or take it back first by --undo-unfinished.`,
  );
}
