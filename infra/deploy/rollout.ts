// The deploy itself, step by step. It knows no process, no HTTP and no clock of its own: what it moves is passed in.
//
//   (clearing ─►) baseline ─► starting ─► baking ─► emptying ─► aftermath        until `emptying` begins, any failure and
//                                └───────────┴────► rolling-back ─► aftermath    interruption leads back; then only on
import type { Clock } from "../stack/clock.ts";
import { isAlive, isWanted } from "../stack/task-life.ts";
import type { Balancer } from "./balancer.ts";
import type { Fleet, FleetTask } from "./fleet.ts";
import type { Jury } from "./jury.ts";
import { AFTERMATH_MS, ASK_AGAIN_MS, BAKE_WEIGHT, FULL_WEIGHT, type Pace } from "./limits.ts";
import type { Plan } from "./plan.ts";
import { addressText } from "./target-story.ts";

export type Stage =
  /** What a killed deploy has left goes first. */
  | "clearing"
  /** The canaries take their seats; nothing has been changed yet. */
  | "baseline"
  /** The new generation starts. */
  | "starting"
  /** It is healthy and takes new players; canaries sit on it. */
  | "baking"
  /** The old generation is out of the target group and hands its rooms and players over. */
  | "emptying"
  /** The same for the new one, which was not good enough. */
  | "rolling-back"
  /** Nothing changes any more; the canaries play on for a moment. */
  | "aftermath";

export type Outcome =
  /** `left`: old servers that still run after every deadline. */
  | { readonly kind: "rolled-out"; readonly left: readonly string[] }
  | { readonly kind: "rolled-back"; readonly reason: string; readonly left: readonly string[] };

export interface RolloutWorld {
  readonly fleet: Fleet;
  readonly balancer: Balancer;
  readonly jury: Jury;
  readonly clock: Clock;
  readonly onStage: (stage: Stage) => void;
  /** Where pages do not come from the servers: publishes the new version's. It is judged, and nobody has been moved yet. */
  readonly publishPages?: () => Promise<void>;
  /** Aborted when somebody wants the deploy undone; without effect once the old generation is leaving. */
  readonly interrupted: AbortSignal;
}

export interface RolloutOptions {
  readonly plan: Plan;
  readonly servingArn: string;
  readonly bakeMs: number;
  readonly pace: Pace;
}

export class Rollout {
  readonly #options: RolloutOptions;
  readonly #world: RolloutWorld;
  /** Where the new generation is registered. */
  #groupArn: string;
  #isSplit = false;

  constructor(options: RolloutOptions, world: RolloutWorld) {
    this.#options = options;
    this.#world = world;
    this.#groupArn = options.servingArn;
  }

  /** Rejects when there was nothing to roll back yet, or when the fleet cannot be reached any more. */
  async run(): Promise<Outcome> {
    const { clock, interrupted, jury, onStage } = this.#world;
    await this.#clear();
    onStage("baseline");
    await jury.takeSeats(interrupted);
    const reason = await this.#tryNewGeneration().then(
      () => undefined,
      (error: Error) => error.message,
    );
    const outcome = reason === undefined ? await this.#empty() : await this.#rollBack(reason);
    onStage("aftermath");
    await clock.sleep(AFTERMATH_MS);
    return outcome;
  }

  async #clear(): Promise<void> {
    const { isUnfinished, fromGeneration } = this.#options.plan;
    await this.#world.balancer.settle(this.#options.servingArn);
    if (!isUnfinished) return;
    this.#world.onStage("clearing");
    await this.#keepOnly(fromGeneration);
  }

  // --- up to the point of no return -----------------------------------------------------------------------------------

  async #tryNewGeneration(): Promise<void> {
    const { fleet, jury, onStage, publishPages } = this.#world;
    const { plan } = this.#options;
    onStage("starting");
    if (plan.strategy === "blue-green") await this.#openSecondGroup();
    await this.#start();
    await this.#waitHealthy();
    onStage("baking");
    await this.#split(FULL_WEIGHT - BAKE_WEIGHT, BAKE_WEIGHT);
    await this.#watched(jury.tryOut(plan.to, this.#world.interrupted));
    await this.#bake();
    await publishPages?.();
    await this.#split(0, FULL_WEIGHT);
    if (this.#isBlueGreen) await fleet.serveFrom(this.#groupArn);
  }

  /** A group that nothing forwards to is not checked: it gets its weight, 0, before its first target. */
  async #openSecondGroup(): Promise<void> {
    this.#groupArn = await this.#world.balancer.groupBeside(this.#options.servingArn);
    await this.#split(FULL_WEIGHT, 0);
  }

  async #split(old: number, fresh: number): Promise<void> {
    if (!this.#isBlueGreen) return;
    await this.#world.balancer.forward([
      { targetGroupArn: this.#options.servingArn, weight: old },
      { targetGroupArn: this.#groupArn, weight: fresh },
    ]);
    this.#isSplit = true;
  }

  get #isBlueGreen(): boolean {
    return this.#groupArn !== this.#options.servingArn;
  }

  /** All are asked for at once; how fast they start is the platform's to know. */
  async #start(): Promise<void> {
    const { count, environment, generation, to } = this.#options.plan;
    this.#refuseIfInterrupted();
    const targetGroupArn = this.#groupArn;
    await this.#world.fleet.startGeneration({ version: to, generation, count, targetGroupArn, environment });
  }

  async #waitHealthy(): Promise<void> {
    const { clock } = this.#world;
    const { pace, plan } = this.#options;
    const timeoutMs = pace.healthyTimeoutMs + plan.count * pace.healthyTimeoutEachMs;
    const untilMs = clock.nowMs() + timeoutMs;
    await this.#until((tasks) => {
      if (clock.nowMs() >= untilMs) throw new Error(`not all of them were healthy after ${timeoutMs / 1000} s`);
      return tasks.length >= plan.count && tasks.every((task) => task.status === "RUNNING");
    });
  }

  /** Ends once the time is over and all new servers are healthy: what is sick takes nobody over. */
  async #bake(): Promise<void> {
    const { clock, jury } = this.#world;
    const untilMs = clock.nowMs() + this.#options.bakeMs;
    await this.#until(async (tasks) => {
      jury.refuseSuffering({ isOver: false });
      const ill = await this.#findUnhealthy(tasks);
      if (ill && (ill.isAlone || clock.nowMs() >= untilMs + this.#options.pace.healthyTimeoutMs)) {
        throw new Error(`${ill.id} became ${ill.state}`);
      }
      return clock.nowMs() >= untilMs && !ill;
    });
    jury.refuseSuffering({ isOver: true });
  }

  /** `isAlone`: old servers are well. Where they are not, as without Redis, it is not the new version's fault. */
  async #findUnhealthy(tasks: readonly FleetTask[]) {
    const states = await this.#world.balancer.targetStates([...new Set([this.#options.servingArn, this.#groupArn])]);
    const stateOf = ({ address }: FleetTask) => (address ? states.get(addressText(address)) : undefined) ?? "unused";
    const ill = tasks.find((task) => stateOf(task) !== "healthy");
    if (ill === undefined) return undefined;
    const ours = new Set(tasks.map(({ address }) => address && addressText(address)));
    const isAlone = [...states].some(([address, state]) => !ours.has(address) && state === "healthy");
    return { id: ill.id, state: stateOf(ill), isAlone };
  }

  /** Waits for `work`, and fails earlier when a new server does. */
  async #watched(work: Promise<void>): Promise<void> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    await Promise.race([done, this.#until(() => isDone)]);
    await done;
  }

  /** Looks at the new servers until `isDone` says so; throws when one of them has ended or somebody interrupts. */
  async #until(isDone: (tasks: readonly FleetTask[]) => boolean | Promise<boolean>): Promise<void> {
    const { clock, fleet, interrupted } = this.#world;
    const { pace, plan } = this.#options;
    for (;;) {
      this.#refuseIfInterrupted();
      const tasks = (await fleet.list()).filter((task) => task.generation === plan.generation);
      const ended = tasks.find((task) => task.status === "STOPPED" || task.status === "STOPPING");
      if (ended) throw new Error(whyEnded(ended));
      if (await isDone(tasks)) return;
      await clock.sleep(pace.pollMs, interrupted);
    }
  }

  #refuseIfInterrupted(): void {
    if (this.#world.interrupted.aborted) throw new Error("interrupted");
  }

  // --- from it on -----------------------------------------------------------------------------------------------------

  async #empty(): Promise<Outcome> {
    this.#world.onStage("emptying");
    return { kind: "rolled-out", left: await this.#keepOnly(this.#options.plan.generation) };
  }

  async #rollBack(reason: string): Promise<Outcome> {
    const { fleet, onStage } = this.#world;
    onStage("rolling-back");
    if (this.#isSplit) {
      await this.#split(FULL_WEIGHT, 0);
      await fleet.serveFrom(this.#options.servingArn);
    }
    return { kind: "rolled-back", reason, left: await this.#keepOnly(this.#options.plan.fromGeneration) };
  }

  /** Resolves to those of other generations that still run after every deadline; empty when all is well. */
  async #keepOnly(generation: number): Promise<string[]> {
    const { clock, fleet } = this.#world;
    const { leaveMs, pollMs } = this.#options.pace;
    await fleet.keepOnly(generation);
    const untilMs = clock.nowMs() + leaveMs;
    let askAgainMs = clock.nowMs() + ASK_AGAIN_MS;
    for (;;) {
      // One look that fails must not cost the verdict: they leave all the same, and the next look sees it.
      const tasks = await fleet.list().catch((error: Error) => error);
      const isOver = clock.nowMs() >= untilMs;
      if (tasks instanceof Error) {
        if (isOver) throw tasks;
      } else {
        const left = tasks.filter((task) => task.generation !== generation && isAlive(task.status));
        if (left.length === 0 || isOver) return left.map((task) => task.id);
        // Some came between the look and the request, as successors of dead ones.
        if (left.some((task) => isWanted(task.status)) && clock.nowMs() >= askAgainMs) {
          await fleet.keepOnly(generation);
          askAgainMs = clock.nowMs() + ASK_AGAIN_MS;
        }
      }
      await clock.sleep(pollMs);
    }
  }
}

/** Some reasons name the server already, since they were made for a line of their own. */
function whyEnded({ id, stoppedReason }: FleetTask): string {
  return stoppedReason?.startsWith(id) ? stoppedReason : `${id} ended (${stoppedReason ?? "nobody knows why"})`;
}
