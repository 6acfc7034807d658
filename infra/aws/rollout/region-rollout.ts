// One region's rollout, put together: the deploy of infra/deploy over ECS.

import { Deploy } from "../../deploy/deploy.ts";
import { targetStates } from "../../deploy/elb-balancer.ts";
import type { CanaryGroup, CanarySpec } from "../../deploy/jury.ts";
import type { ReleaseOptions } from "../../deploy/options.ts";
import type { Screen } from "../../deploy/screen.ts";
import type { DeployReport } from "../../deploy/verdict.ts";
import type { Say } from "../../provision/progress.ts";
import type { Clock } from "../../stack/clock.ts";
import { Refusal } from "../../stack/refusal.ts";
import { topology } from "../../stack/topology.ts";
import type { AwsClients } from "../commands/aws-clients.ts";
import { withAws } from "../commands/aws-errors.ts";
import type { ImageToPublish } from "../commands/publish-image.ts";
import { EcsFleet, type EcsFleetOptions, ecsBalancer } from "./ecs-fleet.ts";
import { EcsService } from "./ecs-service.ts";
import { readFleetz } from "./fleetz.ts";
import { ecsPace, HOLD_MAX_MINUTES, HOLD_SLACK_MINUTES } from "./limits.ts";
import { patient } from "./patience.ts";
import type { Place } from "./place.ts";
import { planRegion } from "./region-plan.ts";
import { readDefinition } from "./task-definition.ts";

export interface RegionRolloutOptions extends ReleaseOptions {
  readonly undoUnfinished?: boolean;
}

export interface RegionRolloutWorld {
  readonly aws: Pick<AwsClients, "ecs" | "elb">;
  readonly publishImage: (image: ImageToPublish) => Promise<string>;
  /** Brings out the pages of the version, once it has been judged; absent where an other region's rollout does. */
  readonly publishPages?: () => Promise<void>;
  readonly prepareCanaries: (signal: AbortSignal) => Promise<void>;
  readonly sendCanaries: (spec: CanarySpec) => CanaryGroup;
  readonly words?: EcsFleetOptions["words"];
  readonly clock: Clock;
  readonly date: () => Date;
  readonly screen: Screen;
  readonly say: Say;
}

export interface RegionRollout {
  interrupt(): void;
  /** Rejects with a Refusal when nothing has been changed. */
  run(): Promise<DeployReport>;
}

/** Rejects with a Refusal, nothing changed, when something stands in the way. */
export async function openRollout(
  place: Place,
  options: RegionRolloutOptions,
  world: RegionRolloutWorld,
): Promise<RegionRollout> {
  const { aws, clock, date, screen } = world;
  const { bake, canary, env: environment, strategy, undoUnfinished = false, version: to } = options;
  const service = new EcsService(patient(aws.ecs, clock), place);
  const elb = patient(aws.elb, clock);
  const pace = ecsPace(topology.delays.aws);
  let image: string | undefined;
  const fleetOptions: EcsFleetOptions = {
    ...{ service, strategy, clock, pollMs: pace.pollMs, targetGroupArns: place.targetGroupArns },
    holdMinutes: holdMinutes(bake, pace.healthyTimeoutMs),
    image: () => {
      if (image === undefined) throw new Error("the image comes before the servers");
      return image;
    },
    targetStates: (arns) => targetStates(elb, arns),
    words: world.words ?? (() => readFleetz(place)),
  };
  const fleet = new EcsFleet(fleetOptions);
  const wish = { strategy, to, environment, undoUnfinished };
  const { plan, targetGroupArns } = await withAws(`roll out in ${place.region.id}`, () =>
    planRegion(wish, place, service, fleet),
  );
  const { publishPages } = world;
  const work = new Deploy({
    ...{ plan, servingArn: targetGroupArns[0], bakeMs: bake * 1_000, pace, canaries: canary },
    ...{ fleet, clock, date, screen, sendCanaries: world.sendCanaries },
    ...(publishPages && { publishPages }),
    balancer: ecsBalancer(fleet, targetGroupArns, fleetOptions.targetStates),
    prepare: async (signal) => {
      const { architecture } = readDefinition(await service.newestDefinition(place.family));
      const { repositoryUri, region } = place;
      const release = { version: to, generation: plan.generation, architecture };
      image = await world.publishImage({ ...release, region: region.aws, repositoryUri, say: world.say, signal });
      await world.prepareCanaries(signal);
    },
  });
  return {
    interrupt: () => work.interrupt(),
    run: async () => {
      try {
        return await withAws(`roll out in ${place.region.id}`, () => work.run());
      } finally {
        await leaveAsFound(fleet, world.say);
      }
    },
  };
}

/** What cannot be put back is told, and is no reason to hide the verdict. */
async function leaveAsFound(fleet: EcsFleet, say: Say): Promise<void> {
  try {
    await fleet.close();
  } catch (error) {
    const why = error instanceof Refusal ? error.message : String(error);
    say(`The service is not as it was found: ${why} Holds on servers run out by themselves.`);
  }
}

function holdMinutes(bakeSeconds: number, healthyMs: number): number {
  const minutes = Math.ceil((bakeSeconds + healthyMs / 1_000) / 60) + HOLD_SLACK_MINUTES;
  return Math.min(minutes, HOLD_MAX_MINUTES);
}
