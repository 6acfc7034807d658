// The answer that a deploy gives at its end. Pure.
import { complaints, type Felt } from "./felt.ts";
import { type FeltLimits, feltLimits } from "./limits.ts";
import type { Plan, Strategy } from "./plan.ts";
import type { Outcome } from "./rollout.ts";
import type { TargetStory } from "./target-story.ts";

export type Verdict = "unnoticed" | "noticed" | "rolled-back";

type Nullable<T> = { readonly [Key in keyof T]: T[Key] | null };

/** What `--json` prints. What nobody could tell (there were no canaries) is null. */
export interface DeployReport {
  readonly strategy: Strategy;
  readonly from: string;
  readonly to: string;
  readonly generation: number;
  readonly seconds: number;
  readonly verdict: Verdict;
  /** Why it is not `unnoticed`; null when it is. */
  readonly reason: string | null;
  /** What the verdict is by. */
  readonly limits: FeltLimits;
  /** What was beyond the limits before the deploy changed anything. */
  readonly before: readonly string[];
  /** `moved` counts everybody, by the servers' own counters where they have them; the rest is what the canaries know. */
  readonly players: Nullable<{ moved: number; movedMoreThanOnce: number; disconnected: number }>;
  readonly gapMs: Nullable<Felt["gapMs"]>;
  readonly inputs: Nullable<Felt["inputs"]>;
  readonly targets: readonly TargetStory[];
}

export interface DeployFacts {
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly seconds: number;
  readonly felt: Felt | undefined;
  /** Canaries that had ended before the deploy did, a sentence for each: nobody knows what they would have felt. */
  readonly gone: readonly string[];
  readonly baseline: Felt | undefined;
  /** Those of limits.ts, raised where the baseline was near them. */
  readonly limits: FeltLimits;
  /** How many players the servers saw coming by a move; undefined when they do not tell. */
  readonly moved: number | undefined;
  readonly targets: readonly TargetStory[];
}

export function reportOf(facts: DeployFacts): DeployReport {
  const { plan, felt, baseline, seconds, targets } = facts;
  const reason = reasonOf(facts);
  return {
    strategy: plan.strategy,
    from: plan.from,
    to: plan.to,
    generation: plan.generation,
    seconds: Math.round(seconds * 10) / 10,
    verdict: facts.outcome.kind === "rolled-back" ? "rolled-back" : reason === null ? "unnoticed" : "noticed",
    reason,
    limits: facts.limits,
    before: baseline ? complaints(baseline, feltLimits) : [],
    players: {
      moved: facts.moved ?? felt?.moved ?? null,
      movedMoreThanOnce: felt?.movedMoreThanOnce ?? null,
      disconnected: felt?.disconnects ?? null,
    },
    gapMs: felt?.gapMs ?? { p50: null, p99: null, max: null },
    inputs: felt?.inputs ?? { lost: null, doubled: null },
    targets,
  };
}

function reasonOf({ outcome, felt, gone, limits }: DeployFacts): string | null {
  const all = felt ? complaints(felt, limits) : [];
  const reasons = [
    ...(outcome.kind === "rolled-back" ? [outcome.reason] : gone),
    ...outcome.left.map((id) => `${id} still runs after its deadline`),
    ...(all.length > 0 ? [`all in all, canaries felt ${all.join(", ")}`] : []),
  ];
  return reasons.length === 0 ? null : reasons.join("; ");
}
