// A target group as one of its targets sees it: what the API tells of it, and what that means for the one that asks. Pure.

/** A target's state in AWS's words. */
export type TargetState =
  | "initial"
  | "healthy"
  | "unhealthy"
  | "unhealthy.draining"
  | "draining"
  | "unused"
  | "unavailable";

export interface TargetGroup {
  /** All its targets by address, host:port. Rejects when the API does not answer. */
  describe(): Promise<ReadonlyMap<string, TargetState>>;
  /** Milliseconds. */
  deregistrationDelayMs(): Promise<number>;
}

/** What the answers of one group so far say of one target. */
export interface Membership {
  /** Before it was seen registered, `draining` is about a former server that had the same address. */
  readonly wasIn: boolean;
  readonly isLeaving: boolean;
  /** Answers in a row that lack it. */
  readonly missing: number;
}

export const STRANGER: Membership = { wasIn: false, isLeaving: false, missing: 0 };

/** A target that vanished without ever being `draining` is gone when it is missing this often in a row … */
const GONE_ANSWERS = 3;

export const isDraining = (state: TargetState): boolean => state === "draining" || state === "unhealthy.draining";

export function membershipAfter(
  before: Membership,
  answer: ReadonlyMap<string, TargetState>,
  address: string,
): Membership {
  const state = answer.get(address);
  if (state !== undefined && !isDraining(state)) return { wasIn: true, isLeaving: false, missing: 0 };
  if (!before.wasIn) return before;
  if (state !== undefined) return { ...before, isLeaving: true };
  // … and an empty group says nothing about this server: a load balancer that starts again knows no targets for a moment.
  if (answer.size === 0) return before;
  const missing = before.missing + 1;
  return { ...before, missing, isLeaving: before.isLeaving || missing >= GONE_ANSWERS };
}

/** It leaves every group that it was in: as long as it is served from one of them, it stays. */
export function hasToGo(memberships: readonly Membership[]): boolean {
  const own = memberships.filter(({ wasIn }) => wasIn);
  return own.length > 0 && own.every(({ isLeaving }) => isLeaving);
}
