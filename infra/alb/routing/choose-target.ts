// Which of a group's usable targets gets the request. Pure: rotation, load, weights and time are handed in by the caller.

import type { TargetKey } from "../model/types.ts";
import { shareOf } from "./slow-start.ts";
import type { GroupRoute, TargetRoute } from "./table.ts";

export interface Balance {
  /** Grows by one with each request of the group. */
  readonly turn: number;
  /** Requests and tunnels under way on a target. */
  readonly outstanding: (key: TargetKey) => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly nowMs: number;
  /** From 0 to 1, less than 1 for a target that anomaly mitigation spares. */
  readonly weight: (key: TargetKey) => number;
}

export function chooseTarget(group: GroupRoute, balance: Balance): TargetRoute | undefined {
  const { targets } = group;
  if (targets.length === 0) return undefined;
  switch (group.algorithm) {
    case "round_robin":
      return balance.nowMs < group.warmAtMs ? inSlowStart(group, balance) : targets[balance.turn % targets.length];
    case "weighted_random":
      return byWeight(targets, (each) => balance.weight(each.key), balance.random());
    case "least_outstanding_requests":
      return leastLoaded(targets, balance);
  }
}

/** Steps of the golden section visit every stretch of [0, 1) evenly: a rotation in which some have smaller shares. */
const GOLDEN_SECTION = (Math.sqrt(5) - 1) / 2;

function inSlowStart(group: GroupRoute, { turn, nowMs }: Balance): TargetRoute | undefined {
  return byWeight(group.targets, (each) => shareOf(each, group, nowMs), (turn * GOLDEN_SECTION) % 1);
}

/** `position` in [0, 1) of all weights laid end to end; evenly when all are zero. */
function byWeight(
  targets: readonly TargetRoute[],
  weightOf: (target: TargetRoute) => number,
  position: number,
): TargetRoute | undefined {
  const weights = targets.map(weightOf);
  const total = weights.reduce((sum, each) => sum + each, 0);
  if (total === 0) return targets[Math.floor(position * targets.length)];
  let left = position * total;
  for (let i = 0; i < targets.length; i++) {
    if (left < weights[i]!) return targets[i];
    left -= weights[i]!;
  }
  // Rounding may leave a crumb behind the last one.
  return targets.findLast((_, i) => weights[i]! > 0);
}

/** Ties go round, so that equally loaded targets share evenly. */
function leastLoaded(targets: readonly TargetRoute[], { turn, outstanding }: Balance): TargetRoute | undefined {
  let best: TargetRoute | undefined;
  let bestLoad = Number.POSITIVE_INFINITY;
  for (let i = 0; i < targets.length; i++) {
    const target = targets[(turn + i) % targets.length]!;
    const load = outstanding(target.key);
    if (load < bestLoad) {
      best = target;
      bestLoad = load;
    }
  }
  return best;
}
