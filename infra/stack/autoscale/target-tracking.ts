// When to start servers and when to take some out, as a target tracking policy of AWS's Application Auto Scaling decides
// it. Pure: it is handed the metric and the time, and says how many servers there should be.
//
//   out  the metric was above the target for `scaleOutPeriods` in a row: at once as many servers as bring it down to the
//        target. During a cool-down only a larger step is taken: servers that were just added are part of it.
//   in   the metric was below the target by a margin for `scaleInPeriods` in a row, and no cool-down lasts: only as far
//        as it would have stayed below that mark even at its highest of that time.

export interface TargetTrackingPolicy {
  /** The metric's value at which a server has enough to do. */
  readonly targetValue: number;
  readonly minServers: number;
  readonly maxServers: number;
  /** The metric has one value for each. */
  readonly periodSeconds: number;
  readonly scaleOutPeriods: number;
  readonly scaleInPeriods: number;
  /** For so long after servers were added none is taken out, and only still more are added. */
  readonly scaleOutCooldownSeconds: number;
  /** For so long after servers were taken out no more are. */
  readonly scaleInCooldownSeconds: number;
}

/** How far below the target the metric must be before servers are taken out, as a part of it: AWS's margin. */
const SCALE_IN_MARGIN = 0.1;

/** The metric in one period. */
export interface Reading {
  /** The average of the servers. */
  readonly value: number;
  /** How many servers it is the average of: others may have started or ended since. */
  readonly servers: number;
}

export interface Situation {
  readonly nowMs: number;
  /** Servers that run or start, without those that are leaving. */
  readonly servers: number;
  /** One for each period, the newest last; undefined where the metric had no value. */
  readonly readings: readonly (Reading | undefined)[];
  /** What this policy did last. */
  readonly lastStep: { readonly kind: "out" | "in"; readonly to: number; readonly atMs: number } | undefined;
  /** While a deploy runs nothing is done: it counts on the servers that it has found. */
  readonly deploying: boolean;
}

export type Decision =
  | { readonly kind: "keep"; readonly why: string }
  | { readonly kind: "out" | "in"; readonly to: number; readonly why: string };

export function decide(policy: TargetTrackingPolicy, situation: Situation): Decision {
  const { servers, deploying } = situation;
  const { minServers, maxServers } = policy;
  if (deploying) return keep("a deploy is under way");
  if (servers < minServers) return { kind: "out", to: minServers, why: `${minServers} is the minimum` };
  if (servers > maxServers) return { kind: "in", to: maxServers, why: `${maxServers} is the maximum` };
  return scaleOut(policy, situation) ?? scaleIn(policy, situation);
}

function scaleOut(policy: TargetTrackingPolicy, situation: Situation): Decision | undefined {
  const { targetValue, maxServers, scaleOutPeriods } = policy;
  const readings = newest(situation.readings, scaleOutPeriods);
  if (readings === undefined || readings.some(({ value }) => value <= targetValue)) return undefined;
  const last = readings.at(-1)!;
  const to = Math.min(maxServers, needed(last, targetValue));
  const { lastStep } = situation;
  if (lastStep?.kind === "out" && to <= lastStep.to && isCoolingDown(policy, situation)) return keep("cooling down");
  if (to > situation.servers) return { kind: "out", to, why: `${shown(last.value)} is above ${shown(targetValue)}` };
  return keep(to === maxServers ? `${maxServers} is the maximum` : "servers that are starting are the answer");
}

function scaleIn(policy: TargetTrackingPolicy, situation: Situation): Decision {
  const { targetValue, minServers, scaleInPeriods } = policy;
  const mark = targetValue * (1 - SCALE_IN_MARGIN);
  const readings = newest(situation.readings, scaleInPeriods);
  if (readings === undefined) return keep("the metric has gaps");
  const highest = Math.max(...readings.map(({ value }) => value));
  if (highest >= mark) return keep(`${shown(highest)} is not below ${shown(mark)}`);
  if (isCoolingDown(policy, situation)) return keep("cooling down");
  const to = Math.max(minServers, ...readings.map((reading) => needed(reading, mark)));
  if (to >= situation.servers) return keep(`${situation.servers} are just enough`);
  return { kind: "in", to, why: `${shown(highest)} is below ${shown(mark)}` };
}

/** An average of whole numbers is not exact, and must not ask for one server too many. */
const ROUNDING = 1e-9;

/** How many servers share what was measured so that each has at most `value`. */
const needed = (reading: Reading, value: number): number =>
  Math.ceil((reading.value * reading.servers) / value - ROUNDING);

function isCoolingDown(policy: TargetTrackingPolicy, { lastStep, nowMs }: Situation): boolean {
  if (lastStep === undefined) return false;
  const seconds = lastStep.kind === "out" ? policy.scaleOutCooldownSeconds : policy.scaleInCooldownSeconds;
  return nowMs - lastStep.atMs < seconds * 1_000;
}

/** Undefined unless every one of the newest `count` periods has a value: nothing is decided in the dark. */
function newest(readings: Situation["readings"], count: number): Reading[] | undefined {
  const present = readings.slice(-count).filter((reading) => reading !== undefined);
  return present.length === count ? present : undefined;
}

const keep = (why: string): Decision => ({ kind: "keep", why });
const shown = (value: number): string => String(Math.round(value * 10) / 10);
