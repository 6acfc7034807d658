// For tests: a region whose AWS is the stand-in, with canaries that feel what the test tells them.
import type { TaskDefinition } from "@aws-sdk/client-ecs";
import type { Felt } from "../../../deploy/felt.ts";
import type { CanarySpec } from "../../../deploy/jury.ts";
import type { Strategy } from "../../../deploy/plan.ts";
import { calm, ScriptedCanaries } from "../../../deploy/testing/scripted-stack.ts";
import type { DeployReport } from "../../../deploy/verdict.ts";
import { readRegions } from "../../../stack/regions.ts";
import { VirtualClock } from "../../../stack/testing/virtual-clock.ts";
import type { Place } from "../place.ts";
import {
  openRollout,
  type RegionRollout,
  type RegionRolloutOptions,
  type RegionRolloutWorld,
} from "../region-rollout.ts";
import { EcsModel } from "./ecs-model.ts";

const CANARIES_SEATED_AFTER_MS = 1_500;
const STEP_MS = 1_000;
/** Longer than any rollout of the tests, the hold's end included. */
const MOST_STEPS = 7_200;

export const BLUE = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/tidegate-game/1";
export const GREEN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/tidegate-game-green/2";

export const definitionV1: TaskDefinition = {
  taskDefinitionArn: "arn:aws:ecs:eu-west-1:111122223333:task-definition/tidegate-eu:1",
  family: "tidegate-eu",
  ...{ revision: 1, status: "ACTIVE", compatibilities: ["FARGATE"], registeredBy: "somebody" },
  ...{ cpu: "1024", memory: "2048", networkMode: "awsvpc", executionRoleArn: "arn:execution", taskRoleArn: "arn:task" },
  runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
  containerDefinitions: [
    {
      name: "game",
      image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/tidegate:v1-g1",
      environment: [
        { name: "VERSION", value: "v1" },
        { name: "GENERATION", value: "1" },
        { name: "TARGET_GROUP_ARN", value: BLUE },
        { name: "ALTERNATE_TARGET_GROUP_ARN", value: GREEN },
        { name: "REDIS_URL", value: "rediss://redis" },
      ],
      secrets: [{ name: "SESSION_SECRET", valueFrom: "arn:secret" }],
    },
  ],
};

export class RolloutOnModel {
  readonly clock = new VirtualClock();
  readonly model: EcsModel;
  readonly groups: ScriptedCanaries[] = [];
  readonly said: string[] = [];
  readonly shown: string[] = [];
  readonly published: string[] = [];
  feel: (spec: CanarySpec) => Felt | undefined = ({ count }) => ({ ...calm, players: count });

  constructor(servers: number) {
    this.model = new EcsModel(this.clock, definitionV1, [BLUE, GREEN], servers);
  }

  /** The servers of v1 are up. */
  async start(): Promise<void> {
    await this.clock.advance(60_000);
    this.model.calls.length = 0;
  }

  /** The group that serves is the one that the production rule says, as `openPlace` reads it. */
  place(): Place {
    const { groups, productionGroup } = this.model.state;
    const [blue, green] = groups;
    return {
      region: readRegions("eu")[0]!,
      ...{ url: "https://eu.example.org", token: "token", cluster: "tidegate-eu", service: "tidegate" },
      ...{ family: "tidegate-eu", repositoryUri: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/tidegate" },
      ...{ targetGroupArns: productionGroup === blue ? [blue, green] : [green, blue], primaryArn: blue },
    };
  }

  open(
    strategy: Strategy,
    options: Partial<RegionRolloutOptions> = {},
    world: Partial<RegionRolloutWorld> = {},
  ): Promise<RegionRollout> {
    return openRollout(
      this.place(),
      { version: "v2", strategy, canary: 6, bake: 5, env: {}, ...options },
      {
        aws: this.model,
        publishImage: async ({ repositoryUri, version, generation, architecture }) => {
          this.published.push(`image ${version} g${generation} ${architecture}`);
          return `${repositoryUri}:${version}-g${generation}`;
        },
        publishPages: async () => void this.published.push("pages"),
        prepareCanaries: () => Promise.resolve(),
        sendCanaries: (spec) => this.#send(spec),
        words: async () => new Map(),
        clock: this.clock,
        date: () => new Date(this.clock.nowMs()),
        screen: { show: (_, line) => this.shown.push(line), say: (line) => this.said.push(line), close: () => {} },
        say: (line) => this.said.push(line),
        ...world,
      },
    );
  }

  async rollOut(strategy: Strategy, options: Partial<RegionRolloutOptions> = {}): Promise<DeployReport> {
    return this.finish((await this.open(strategy, options)).run());
  }

  /** Lets time pass until `running` has settled, and then until ECS has come to rest as well. */
  async finish<T>(running: Promise<T>): Promise<T> {
    let isDone = false;
    const done = running.finally(() => {
      isDone = true;
    });
    done.catch(() => {}); // whoever gets the promise below sees it
    for (let step = 0; step < MOST_STEPS && !isDone; step += 1) await this.clock.advance(STEP_MS);
    return done;
  }

  /** Servers that run, as version and group, in the order of their start. */
  running(): string[] {
    const { definitions, tasks } = this.model.state;
    return tasks
      .filter((task) => task.target === "healthy")
      .map(({ definitionArn, group }) => {
        const definition = definitions.find(({ taskDefinitionArn }) => taskDefinitionArn === definitionArn);
        const variables = definition?.containerDefinitions?.[0]?.environment ?? [];
        const version = variables.find(({ name }) => name === "VERSION")?.value;
        return `${version} ${group === BLUE ? "blue" : "green"}`;
      });
  }

  #send(spec: CanarySpec): ScriptedCanaries {
    const group = new ScriptedCanaries(spec);
    this.groups.push(group);
    void this.clock.sleep(CANARIES_SEATED_AFTER_MS).then(() => {
      group.felt = this.feel(spec);
    });
    return group;
  }
}
