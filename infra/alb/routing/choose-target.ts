// Which of a group's usable targets gets the request. Pure: rotation and load are handed in by the caller.

import type { TargetKey } from "../model/types.ts";
import type { GroupRoute, TargetRoute } from "./table.ts";

export interface Balance {
  /** Grows by one with each request of the group. */
  readonly turn: number;
  /** Requests and tunnels under way on a target. */
  readonly outstanding: (key: TargetKey) => number;
  /** In [0, 1). */
  readonly random: () => number;
}

export function chooseTarget(group: GroupRoute, balance: Balance): TargetRoute | undefined {
  const { targets } = group;
  if (targets.length === 0) return undefined;
  switch (group.algorithm) {
    case "round_robin":
      return targets[balance.turn % targets.length];
    case "weighted_random":
      return targets[Math.floor(balance.random() * targets.length)];
    case "least_outstanding_requests":
      return leastLoaded(targets, balance);
  }
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
