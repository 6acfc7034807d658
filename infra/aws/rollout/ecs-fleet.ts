// The fleet and the load balancer of a rollout, as an ECS service has them. ECS starts and ends servers by itself; a
// rollout says which task definition it wants, and holds ECS back until players have judged the new servers:
//
//   rolling      the old servers are protected, so that ECS starts the new ones beside them and ends none; releasing them
//                all in one breath is what retires them
//   blue/green   ECS starts the new servers in the other group, moves the traffic and pauses; it waits for our word
//
// Reasons, and what of this no account has confirmed: docs/decisions/0017.
import type { DeploymentConfiguration, Service, ServiceDeployment } from "@aws-sdk/client-ecs";
import type { Balancer } from "../../deploy/balancer.ts";
import type { Fleet, FleetTask, NewGeneration } from "../../deploy/fleet.ts";
import type { Strategy } from "../../deploy/plan.ts";
import type { ServerWords } from "../../deploy/server-words.ts";
import type { Clock } from "../../stack/clock.ts";
import { Refusal } from "../../stack/refusal.ts";
import { isAlive } from "../../stack/task-life.ts";
import { withAws } from "../commands/aws-errors.ts";
import { deploymentConfiguration, pausedHook } from "./ecs-deployment.ts";
import type { EcsService } from "./ecs-service.ts";
import { fleetTask, groupStates, serverIdOf } from "./ecs-task.ts";
import { SETTLE_TIMEOUT_MS, SHIFT_TIMEOUT_MS } from "./limits.ts";
import { nextDefinition, readDefinition } from "./task-definition.ts";

export interface EcsFleetOptions {
  readonly service: EcsService;
  readonly strategy: Strategy;
  /** How long the old servers are held at most, in case nobody lets them go. */
  readonly holdMinutes: number;
  /** With its tag: what the new generation starts from. */
  readonly image: () => string;
  readonly targetGroupArns: readonly [string, string];
  readonly targetStates: Balancer["targetStates"];
  readonly words: () => Promise<ReadonlyMap<string, ServerWords>>;
  readonly pollMs: number;
  readonly clock: Clock;
}

export class EcsFleet implements Fleet {
  readonly #options: EcsFleetOptions;
  /** Task ARNs by the ids of their servers. */
  readonly #arns = new Map<string, string>();
  /** Held by us, and not yet let go. */
  readonly #held = new Set<string>();
  /** As it was before a rollout changed it. */
  #configuration: DeploymentConfiguration | undefined;

  constructor(options: EcsFleetOptions) {
    this.#options = options;
  }

  async list(): Promise<readonly FleetTask[]> {
    const { service, targetGroupArns, targetStates } = this.#options;
    return withAws("look at the servers", async () => {
      const [tasks, groups] = await Promise.all([service.tasks(), groupStates(targetStates, targetGroupArns)]);
      return Promise.all(
        tasks.map(async (task) => {
          const arn = task.taskArn ?? "";
          this.#arns.set(serverIdOf(arn), arn);
          return fleetTask(task, readDefinition(await service.definition(task.taskDefinitionArn ?? "")), groups);
        }),
      );
    });
  }

  /** How many there are is the service's to say: it may be scaled at any time. */
  async startGeneration({ count: _, ...next }: NewGeneration): Promise<void> {
    const { holdMinutes, image, service, strategy } = this.#options;
    const old = (await this.list()).filter(({ status }) => isAlive(status)).map(({ id }) => this.#arnOf(id));
    await this.#untilSettled();
    await withAws("start the new servers", async () => {
      const standing = await service.describe();
      const base = await service.definition(standing.taskDefinition ?? "");
      const taskDefinition = await service.register(nextDefinition(base, { ...next, image: image() }));
      if (strategy === "rolling") {
        await service.protect(old, holdMinutes);
        for (const arn of old) this.#held.add(arn);
      }
      this.#configuration = standing.deploymentConfiguration;
      await service.update({
        taskDefinition,
        deploymentConfiguration: deploymentConfiguration(strategy, holdMinutes),
      });
    });
  }

  async keepOnly(generation: number): Promise<void> {
    const { service } = this.#options;
    const tasks = await this.list();
    await withAws("settle on one generation", async () => {
      const [standing, deployment] = await Promise.all([service.describe(), service.underWay()]);
      await this.#settleOn(generation, standing, deployment, tasks);
    });
    const others = tasks.filter((task) => task.generation !== generation && isAlive(task.status));
    await this.#release(others.map(({ id }) => this.#arnOf(id)));
  }

  /** ECS registers servers where it wants them. */
  async serveFrom(): Promise<void> {}

  async words(tasks: readonly FleetTask[]): Promise<ReadonlyMap<string, ServerWords>> {
    const said = await this.#options.words();
    return new Map(
      tasks.flatMap(({ id }) => {
        const words = said.get(id);
        return words === undefined ? [] : [[id, words] as const];
      }),
    );
  }

  /** Resolves when ECS has moved the traffic to the new servers, and waits. */
  async shifted(): Promise<void> {
    const { clock, pollMs, service } = this.#options;
    const untilMs = clock.nowMs() + SHIFT_TIMEOUT_MS;
    for (;;) {
      const deployment = await withAws("see the traffic move", () => service.underWay());
      if (deployment === undefined || deployment.status !== "IN_PROGRESS") {
        throw new Error(`ECS has given the deployment up (${deployment?.statusReason ?? "it does not say why"})`);
      }
      if (pausedHook(deployment) !== undefined) return;
      if (clock.nowMs() >= untilMs) {
        throw new Error(`ECS has not moved the traffic after ${SHIFT_TIMEOUT_MS / 1_000} s`);
      }
      await clock.sleep(pollMs);
    }
  }

  /** Waits until ECS is at rest, and leaves the service as it was found: nobody is held, and the next deployment pauses for nobody. */
  async close(): Promise<void> {
    await this.#release([...this.#held]);
    const deploymentConfiguration = this.#configuration;
    if (deploymentConfiguration === undefined) return; // nothing was begun
    await this.#untilSettled();
    if (this.#options.strategy === "rolling") return;
    await withAws("restore the service's configuration", () =>
      this.#options.service.update({ deploymentConfiguration }),
    );
  }

  /** Brings ECS to want this generation, by the shortest of three ways. Asked twice, it finds nothing to do. */
  async #settleOn(
    generation: number,
    standing: Service,
    deployment: ServiceDeployment | undefined,
    tasks: readonly FleetTask[],
  ): Promise<void> {
    const { service } = this.#options;
    const target = standing.taskDefinition ?? "";
    const isWanted = readDefinition(await service.definition(target)).generation === generation;
    const arn = deployment?.serviceDeploymentArn;
    if (deployment !== undefined && arn !== undefined) {
      const hookId = pausedHook(deployment);
      if (hookId !== undefined) return service.decide(arn, hookId, isWanted ? "CONTINUE" : "ROLLBACK");
      const isStoppable = deployment.status === "PENDING" || deployment.status === "IN_PROGRESS";
      if (isWanted || !isStoppable) return; // it is on its way there
      return service.rollBack(arn);
    }
    if (isWanted) return;
    await service.update({ taskDefinition: await this.#definitionOf(generation, tasks) });
  }

  async #definitionOf(generation: number, tasks: readonly FleetTask[]): Promise<string> {
    const { service } = this.#options;
    const wanted = new Set(tasks.filter((task) => task.generation === generation).map(({ id }) => this.#arnOf(id)));
    const found = (await service.tasks()).find(({ taskArn = "" }) => wanted.has(taskArn))?.taskDefinitionArn;
    if (found === undefined)
      throw new Refusal("no-way-back", `No server of generation ${generation} is left to go back to.`);
    return found;
  }

  async #release(arns: readonly string[]): Promise<void> {
    const { service } = this.#options;
    await withAws("let servers go", () => service.release(arns));
    for (const arn of arns) this.#held.delete(arn);
  }

  async #untilSettled(): Promise<void> {
    const { clock, pollMs, service } = this.#options;
    const untilMs = clock.nowMs() + SETTLE_TIMEOUT_MS;
    while ((await withAws("see the service at rest", () => service.underWay())) !== undefined) {
      if (clock.nowMs() >= untilMs) {
        throw new Refusal("not-settled", `A deployment is still under way after ${SETTLE_TIMEOUT_MS / 1_000} s.`);
      }
      await clock.sleep(pollMs);
    }
  }

  #arnOf(id: string): string {
    const arn = this.#arns.get(id);
    if (arn === undefined) throw new Error(`nobody has listed the server ${id}`);
    return arn;
  }
}

/** ECS moves the traffic itself: what is left to us is to wait until it has. */
export function ecsBalancer(
  fleet: EcsFleet,
  [serving, other]: readonly [string, string],
  targetStates: Balancer["targetStates"],
): Balancer {
  return {
    targetStates: (arns) => withAws("look at the targets", () => targetStates(arns)),
    groupBeside: async (arn) => (arn === serving ? other : serving),
    settle: async () => {},
    forward: async (groups) => {
      const isOpened = groups.some((group) => group.targetGroupArn !== serving && group.weight > 0);
      const isShared = groups.every((group) => group.weight > 0);
      if (isOpened && isShared) await fleet.shifted();
    },
  };
}
