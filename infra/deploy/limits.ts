// Every limit and waiting time of a deploy, in one place.

/** What a player may feel before we say that somebody noticed. */
export interface FeltLimits {
  readonly gapP99Ms: number;
  readonly gapMaxMs: number;
  readonly disconnects: number;
  readonly inputsLost: number;
  readonly inputsDoubled: number;
  readonly movesPerPlayer: number;
}

/** A game draws some 100 ms in the past: what stays within that is not seen at all, and 250 ms are bridged by prediction. */
export const feltLimits: FeltLimits = {
  gapP99Ms: 100,
  gapMaxMs: 250,
  disconnects: 0,
  inputsLost: 0,
  inputsDoubled: 0,
  movesPerPlayer: 1,
};

/** On a busy machine everybody's gaps are long: up to so much longer than others' they are not the new version's fault. */
export const MACHINE_FACTOR = 1.5;

/** They play on the same machine as everybody: more of them would be what they measure. */
export const canaryLimits = { default: 6, max: 40 } as const;
/** How long the canaries play before anything is changed. */
export const BASELINE_MS = 3_000;
/** From the first handshake until all canaries have a seat. */
export const CANARIES_SEAT_MS = 30_000;
export const CANARY_REPORT_EVERY_S = 1;
/** They end with the deploy, and sooner only if it never does: longer than any bake. */
export const CANARY_LIFE_S = 86_400;
/** From the request to finish until their last report. */
export const CANARY_FINISH_MS = 10_000;
/** The canaries play on for so long after the last old server has gone. */
export const AFTERMATH_MS = 2_000;

export const bakeSeconds = { default: 5, max: 43_200 } as const;
/** Blue/green: of 100 handshakes, so many reach the new generation while it bakes. */
export const BAKE_WEIGHT = 20;
export const FULL_WEIGHT = 100;

/** Until a task has become healthy or has been given up; the agent's own limits for one task are below it. */
export const HEALTHY_TIMEOUT_MS = 75_000;
/** So much more for each of several: they start one after the other while others serve. */
export const HEALTHY_TIMEOUT_EACH_MS = 5_000;
/** What a retirement may take beyond deregistration delay and stop timeout. */
export const RETIRE_SLACK_MS = 20_000;
/** How often the fleet is looked at while something is waited for. */
export const POLL_MS = 250;
/** How often the whole picture is taken: tasks, targets, every server's own words. */
export const WATCH_MS = 500;
export const STATUS_TIMEOUT_MS = 1_000;
