// Counts how requests to each target end, and every five seconds lets routing/anomaly.ts judge. Holds no timer: whoever
// counts or asks brings it up to date, so a group without traffic costs nothing.

import type { Clock } from "../clock.ts";
import type { TargetKey } from "../model/types.ts";
import { ANOMALY_STEP_MS, newStanding, nextStandings, type Standing } from "../routing/anomaly.ts";
import type { GroupRoute } from "../routing/table.ts";

interface Watched {
  group: GroupRoute;
  steppedAtMs: number;
  standings: Map<TargetKey, Standing>;
}

/** After so many steps without traffic every standing is as new. */
const MAX_STEPS = 50;

export interface AnomalyVerdict {
  readonly anomalous: boolean;
  /** The target gets less than the others because of it. */
  readonly mitigated: boolean;
}

export class AnomalyWatch {
  readonly #clock: Clock;
  readonly #groups = new Map<string, Watched>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Groups that are there now; others, and targets that no longer serve, are forgotten. */
  follow(groups: Iterable<GroupRoute>): void {
    const named = new Map([...groups].map((group) => [group.arn, group]));
    for (const [arn, watched] of this.#groups) {
      const group = named.get(arn);
      if (!group) {
        this.#groups.delete(arn);
        continue;
      }
      this.#upToDate(arn);
      watched.group = group;
      const serving = new Set(group.targets.map((each) => each.key));
      for (const key of watched.standings.keys()) if (!serving.has(key)) watched.standings.delete(key);
    }
    for (const [arn, group] of named) {
      if (this.#groups.has(arn)) continue;
      this.#groups.set(arn, { group, steppedAtMs: this.#clock.nowMs(), standings: new Map() });
    }
  }

  /** A request to the target is over, or has become a WebSocket. */
  count(groupArn: string, key: TargetKey, failed: boolean): void {
    const watched = this.#upToDate(groupArn);
    if (!watched) return;
    const before = watched.standings.get(key) ?? newStanding;
    const { requests, failures } = before;
    watched.standings.set(key, { ...before, requests: requests + 1, failures: failures + (failed ? 1 : 0) });
  }

  /** From 0 to 1. */
  weight(groupArn: string, key: TargetKey): number {
    return this.#upToDate(groupArn)?.standings.get(key)?.weight ?? 1;
  }

  verdict(groupArn: string, key: TargetKey): AnomalyVerdict {
    const standing = this.#upToDate(groupArn)?.standings.get(key) ?? newStanding;
    return { anomalous: standing.anomalous, mitigated: standing.weight < 1 };
  }

  #upToDate(groupArn: string): Watched | undefined {
    const watched = this.#groups.get(groupArn);
    if (!watched) return undefined;
    const { group } = watched;
    const due = Math.floor((this.#clock.nowMs() - watched.steppedAtMs) / ANOMALY_STEP_MS);
    if (due <= 0) return watched;
    watched.steppedAtMs += due * ANOMALY_STEP_MS;
    // In fail-open nobody is healthy.
    const healthy = group.failOpen ? [] : group.targets.map((each) => each.key);
    const mitigate = group.mitigateAnomalies && group.algorithm === "weighted_random";
    for (let step = Math.min(due, MAX_STEPS); step > 0; step--) {
      watched.standings = nextStandings(watched.standings, healthy, mitigate);
    }
    return watched;
  }
}
