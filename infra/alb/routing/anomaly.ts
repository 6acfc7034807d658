// Which targets of a group answer worse than the others do, and how much traffic they keep meanwhile. Pure; the counting
// and the rhythm are in proxy/anomaly-watch.ts. AWS does not publish its rules: these are ours, made to act as described.

import type { TargetKey } from "../model/types.ts";

/** AWS looks at the weights again this often. */
export const ANOMALY_STEP_MS = 5_000;
/** With fewer healthy targets nobody is called anomalous. */
const ANOMALY_MIN_TARGETS = 3;
/** Fewer requests than this, the older ones counting less, say nothing about a target. */
const MIN_REQUESTS = 10;
const FORGOTTEN_REQUESTS = 0.5;
/** A target is anomalous when so many of its requests fail, and so many times more than of all the others. */
const FAILING_RATE = 0.1;
const TIMES_WORSE = 3;
/** And is normal again when less than this part of its requests fail. */
const RECOVERED_RATE = 0.05;
/** What counted in one step counts half in the next. */
const DECAY = 0.5;
/** An anomalous target's weight is halved down to this, which keeps enough traffic to see it recover. */
const LEAST_WEIGHT = 0.05;
const WEIGHT_GAIN = 0.2;

export interface Standing {
  /** Requests and failures, decaying. */
  readonly requests: number;
  /** Answers 5xx, and connections that did not come about or broke. */
  readonly failures: number;
  readonly anomalous: boolean;
  /** From LEAST_WEIGHT to 1. */
  readonly weight: number;
}

export type Standings = ReadonlyMap<TargetKey, Standing>;

export const newStanding: Standing = { requests: 0, failures: 0, anomalous: false, weight: 1 };

/** One step of five seconds. `healthy` are the targets that serve; others are forgotten. */
export function nextStandings(
  before: Standings,
  healthy: readonly TargetKey[],
  mitigate: boolean,
): Map<TargetKey, Standing> {
  const current = healthy.map((key) => [key, before.get(key) ?? newStanding] as const);
  const sum = (pick: (each: Standing) => number) => current.reduce((total, [, each]) => total + pick(each), 0);
  const requests = sum((each) => each.requests);
  const failures = sum((each) => each.failures);
  return new Map(
    current.map(([key, each]) => {
      const others = { requests: requests - each.requests, failures: failures - each.failures };
      const anomalous = healthy.length >= ANOMALY_MIN_TARGETS && isAnomalous(each, others);
      return [
        key,
        {
          requests: each.requests * DECAY,
          failures: each.failures * DECAY,
          anomalous,
          weight: mitigate ? nextWeight(each.weight, anomalous) : 1,
        },
      ];
    }),
  );
}

function isAnomalous(target: Standing, others: Pick<Standing, "requests" | "failures">): boolean {
  if (others.requests < MIN_REQUESTS || target.requests < MIN_REQUESTS) {
    // An anomalous target gets little traffic, and what it gets must do; without any it is given another chance.
    if (!target.anomalous || target.requests < FORGOTTEN_REQUESTS) return false;
    if (others.requests < MIN_REQUESTS) return true;
  }
  const rate = target.failures / target.requests;
  const usual = others.failures / others.requests;
  const least = target.anomalous ? RECOVERED_RATE : FAILING_RATE;
  return rate >= least && rate >= usual * TIMES_WORSE;
}

const nextWeight = (weight: number, anomalous: boolean) =>
  anomalous ? Math.max(LEAST_WEIGHT, weight / 2) : Math.min(1, weight + WEIGHT_GAIN);
