// The canaries as judges: some play from before the deploy until after it, others must sit on the new version while it
// bakes. What they felt before anything was changed is not held against it.
import type { Clock } from "../stack/clock.ts";
import { Refusal } from "../stack/refusal.ts";
import { complaints, type Felt, feltByAll, limitsAfter, limitsBeside } from "./felt.ts";
import { BASELINE_MS, CANARIES_SEAT_MS, type FeltLimits, POLL_MS } from "./limits.ts";

/** Some headless players in a process of their own. */
export interface CanaryGroup {
  /** Their last report; it counts from their first moment on, gaps p50 and p99 over the last minute. Undefined until they sit. */
  readonly felt: Felt | undefined;
  /** Why they play no more, once they do not. */
  readonly ended: string | undefined;
  /** Lets them finish; resolves to their last report. Asking twice is asking once. */
  finish(): Promise<Felt | undefined>;
}

export interface CanarySpec {
  readonly name: "veterans" | "newcomers";
  readonly count: number;
  /** They must sit on a server of this version; any will do when absent. */
  readonly version?: string;
}

export interface JuryOptions {
  readonly send: (spec: CanarySpec) => CanaryGroup;
  /** 0: nobody judges. */
  readonly count: number;
  readonly limits: FeltLimits;
  readonly clock: Clock;
}

export class Jury {
  readonly #options: JuryOptions;
  readonly #groups: { readonly spec: CanarySpec; readonly group: CanaryGroup }[] = [];
  #limits: FeltLimits;
  #baseline: Felt | undefined;

  constructor(options: JuryOptions) {
    this.#options = options;
    this.#limits = options.limits;
  }

  /** What was felt before anything was changed. */
  get baseline(): Felt | undefined {
    return this.#baseline;
  }

  /** What all of them have felt so far. */
  get felt(): Felt | undefined {
    return feltByAll(this.#groups.flatMap(({ group }) => group.felt ?? []));
  }

  /** The limits, raised where the baseline was near them. */
  get limits(): FeltLimits {
    return this.#limits;
  }

  /** Seats those who play through it all, and takes the baseline. Rejects when they get no seat. */
  async takeSeats(signal: AbortSignal): Promise<void> {
    const { clock, count, limits } = this.#options;
    if (count === 0) return;
    const group = await this.#seat({ name: "veterans", count }, signal);
    await clock.sleep(BASELINE_MS, signal);
    if (signal.aborted) throw new Refusal("interrupted", "Interrupted; nothing has been changed.");
    this.#baseline = group.felt;
    if (group.felt) this.#limits = limitsAfter(group.felt, limits);
  }

  /** Seats some on the new version. Rejects when they get no seat there. */
  async tryOut(version: string, signal: AbortSignal): Promise<void> {
    const count = Math.ceil(this.#options.count / 2);
    if (count > 0) await this.#seat({ name: "newcomers", count, version }, signal);
  }

  /** Throws one sentence when they feel too much. Few gaps make no percentile: that limit holds once the bake is over. */
  refuseSuffering({ isOver }: { isOver: boolean }): void {
    for (const { spec, group } of this.#groups) {
      if (group.ended !== undefined) throw new Error(endedText(group.ended));
      if (group.felt === undefined) continue;
      const limits = this.#limitsOf(spec);
      const all = complaints(group.felt, isOver ? limits : { ...limits, gapP99Ms: Number.POSITIVE_INFINITY });
      if (isOver && group.felt.players < spec.count) all.push(onlySome(group.felt.players, spec));
      if (all.length > 0) throw new Error(`${nameOf(spec)} felt ${all.join(", ")}`);
    }
  }

  /** Those on the new version are measured against those who play on the old one at the same time, too. */
  #limitsOf(spec: CanarySpec): FeltLimits {
    const veterans = this.#groups.find((one) => one.spec.name === "veterans")?.group.felt;
    return spec.name === "newcomers" && veterans ? limitsBeside(veterans, this.#limits) : this.#limits;
  }

  /** Lets all of them finish; resolves to what they felt in the end, and says who had ended before and saw nothing of it. */
  async finish(): Promise<{ felt: Felt | undefined; gone: string[] }> {
    const gone = this.#groups.flatMap(({ group }) => (group.ended === undefined ? [] : [endedText(group.ended)]));
    const last = await Promise.all(this.#groups.map(({ group }) => group.finish()));
    return { felt: feltByAll(last.flatMap((felt) => felt ?? [])), gone };
  }

  /** After an abortion it resolves to a group that may have no seats: who asks has to look. */
  async #seat(spec: CanarySpec, signal: AbortSignal): Promise<CanaryGroup> {
    const { clock, send } = this.#options;
    const group = send(spec);
    this.#groups.push({ spec, group });
    const untilMs = clock.nowMs() + CANARIES_SEAT_MS;
    while (group.felt === undefined) {
      if (signal.aborted) return group;
      if (group.ended !== undefined) throw new Refusal("canaries-ended", `The canaries ended: ${group.ended}`);
      if (clock.nowMs() >= untilMs) throw new Refusal("no-seats", `${nameOf(spec)} got no seats in time.`);
      await clock.sleep(POLL_MS, signal);
    }
    if (group.felt.players < spec.count) throw new Refusal("no-seats", onlySome(group.felt.players, spec));
    return group;
  }
}

const nameOf = (spec: CanarySpec): string => (spec.version ? `canaries on ${spec.version}` : "canaries");

const endedText = (how: string): string => `the canaries ended: ${how}`;

const onlySome = (players: number, spec: CanarySpec): string => `${players} of ${spec.count} ${nameOf(spec)} can play`;
