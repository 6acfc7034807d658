// Every limit and waiting time of a deploy, in one place.
import type { Delays } from "../stack/topology.ts";

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

/** How long things take on a platform, and how often they are looked at. */
export interface Pace {
  /** Until one new server has become healthy or has been given up; so much more for each of several. */
  readonly healthyTimeoutMs: number;
  readonly healthyTimeoutEachMs: number;
  /** From the request to leave until the last server must have ended. */
  readonly leaveMs: number;
  /** How often the fleet is looked at while something is waited for. */
  readonly pollMs: number;
  /** How often the whole picture is taken: tasks, targets, every server's own words. */
  readonly watchMs: number;
}

/** What a retirement may take beyond deregistration delay and stop timeout. */
const RETIRE_SLACK_MS = 20_000;

/** Where our agent starts servers; its own limits for one task are below these. They start one after the other while others serve. */
export const localPace = ({ deregistrationDelaySeconds, stopTimeoutSeconds }: Delays): Pace => ({
  healthyTimeoutMs: 75_000,
  healthyTimeoutEachMs: 5_000,
  leaveMs: (deregistrationDelaySeconds + stopTimeoutSeconds) * 1_000 + RETIRE_SLACK_MS,
  pollMs: 250,
  watchMs: 500,
});

/** How often the canaries are looked at while they take their seats. */
export const POLL_MS = 250;
/** Whoever should leave and shows no sign of it is asked again. */
export const ASK_AGAIN_MS = 10_000;
