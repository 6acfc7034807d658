// When a task that died by itself is replaced, as an ECS service keeps its desired count: at once-ish, then ever more
// slowly, and not for ever. Pure.

export interface ReplacementPolicy {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** After so many deaths in a row the task is not replaced any more. */
  readonly maxFailures: number;
  /** A task that has been running for so long has put the failures before it behind. */
  readonly stableAfterMs: number;
}

export const replacementPolicy: ReplacementPolicy = {
  firstDelayMs: 1_000,
  maxDelayMs: 30_000,
  maxFailures: 8,
  stableAfterMs: 60_000,
};

/** How many deaths in a row this one makes, after `ranMs` of running and `before` deaths. */
export const countFailure = (before: number, ranMs: number, policy: ReplacementPolicy): number =>
  ranMs >= policy.stableAfterMs ? 1 : before + 1;

/** The delay before the replacement after `failures` deaths in a row, none after none; undefined when it is time to give up. */
export function replacementDelayMs(failures: number, policy: ReplacementPolicy): number | undefined {
  if (failures === 0) return 0;
  if (failures >= policy.maxFailures) return undefined;
  return Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (failures - 1));
}
