// One deploy as a whole: prepares, rolls out, watches, draws, judges. What it works on is passed in.
import type { Clock } from "../stack/clock.ts";
import { Refusal } from "../stack/refusal.ts";
import type { Balancer } from "./balancer.ts";
import type { Fleet } from "./fleet.ts";
import { type CanaryGroup, type CanarySpec, Jury } from "./jury.ts";
import { feltLimits, type Pace } from "./limits.ts";
import { type Picture, pictureLine, pictureText } from "./picture.ts";
import type { Plan } from "./plan.ts";
import { Rollout, type Stage } from "./rollout.ts";
import type { Screen } from "./screen.ts";
import { type DeployReport, reportOf } from "./verdict.ts";
import { type Sight, Watch } from "./watch.ts";

export interface DeployDependencies {
  readonly plan: Plan;
  /** The target group that serves when it begins. */
  readonly servingArn: string;
  readonly bakeMs: number;
  readonly pace: Pace;
  /** How many canaries play through it all. */
  readonly canaries: number;
  /** What the new version needs before its first server can start. */
  readonly prepare: (signal: AbortSignal) => Promise<void>;
  /** Where pages do not come from the servers: brings out the new version's, once it has been judged. */
  readonly publishPages?: () => Promise<void>;
  readonly fleet: Fleet;
  readonly balancer: Balancer;
  readonly sendCanaries: (spec: CanarySpec) => CanaryGroup;
  readonly clock: Clock;
  readonly date: () => Date;
  readonly screen: Screen;
}

export class Deploy {
  readonly #dependencies: DeployDependencies;
  readonly #interruption = new AbortController();
  readonly #jury: Jury;
  readonly #rollout: Rollout;
  readonly #startMs: number;
  #stage: Stage = "baseline";
  #sight: Sight | undefined;

  constructor(dependencies: DeployDependencies) {
    const { balancer, bakeMs, canaries, clock, fleet, pace, plan, publishPages, sendCanaries, servingArn } =
      dependencies;
    this.#dependencies = dependencies;
    this.#startMs = clock.nowMs();
    this.#jury = new Jury({ send: sendCanaries, count: canaries, limits: feltLimits, clock });
    this.#rollout = new Rollout(
      { plan, servingArn, bakeMs, pace },
      {
        ...{ fleet, balancer, clock, jury: this.#jury, interrupted: this.#interruption.signal },
        ...(publishPages && { publishPages }),
        onStage: (stage) => {
          this.#stage = stage;
          this.#draw();
        },
      },
    );
  }

  /** Undoes what has been done, unless the old generation is leaving already: then it only goes on. */
  interrupt(): void {
    const { screen } = this.#dependencies;
    const isUndoable =
      this.#stage === "clearing" ||
      this.#stage === "baseline" ||
      this.#stage === "starting" ||
      this.#stage === "baking";
    screen.say(
      isUndoable
        ? "Interrupted: rolling back. Once more ends this command at once, and leaves running what runs."
        : "Servers are leaving already: this goes on to its end. Once more ends this command, and they leave unwatched.",
    );
    this.#interruption.abort();
  }

  /** Rejects with a Refusal when nothing has been changed, or when the stack went away meanwhile. */
  async run(): Promise<DeployReport> {
    const { screen } = this.#dependencies;
    await this.#prepare();
    const watch = this.#watch();
    try {
      const outcome = await this.#rollout.run();
      const { felt, gone } = await this.#jury.finish();
      await watch.close();
      const { plan, clock } = this.#dependencies;
      const seconds = (clock.nowMs() - this.#startMs) / 1000;
      const { baseline, limits } = this.#jury;
      const { moved, stories: targets } = watch;
      return reportOf({ plan, outcome, seconds, felt, gone, baseline, limits, moved, targets });
    } finally {
      await watch.close();
      screen.close();
    }
  }

  async #prepare(): Promise<void> {
    const { signal } = this.#interruption;
    try {
      await this.#dependencies.prepare(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted) throw new Refusal("interrupted", "Interrupted; nothing has been changed.");
  }

  #watch(): Watch {
    const { balancer, clock, date, fleet, pace } = this.#dependencies;
    return new Watch({
      ...{ balancer, clock, date, fleet, watchMs: pace.watchMs },
      onSight: (sight) => {
        this.#sight = sight;
        this.#draw();
      },
    });
  }

  #draw(): void {
    if (this.#sight === undefined) return;
    const { clock, plan, screen } = this.#dependencies;
    const seconds = (clock.nowMs() - this.#startMs) / 1000;
    const picture: Picture = { plan, stage: this.#stage, seconds, sight: this.#sight, felt: this.#jury.felt };
    screen.show(pictureText(picture), pictureLine(picture));
  }
}
