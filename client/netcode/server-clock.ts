// Which snapshot is due now? Learns it from arrivals: a snapshot can be late, never early, so the quick ones tell the time.
// Knows nothing of the distance to the server: that is the input pacing's affair.

import { TICK_MS } from "../../game/sim/index.ts";
import { Samples } from "./samples.ts";

/** Arrivals that the estimate rests on (about two seconds). */
const WINDOW = 64;
/** Share of arrivals that may be quicker than the estimate. */
const QUICK_SHARE = 0.1;
/** The estimate moves by at most this share of the time since the last arrival … */
const SLEW = 0.05;
/** … of which no more than this counts. */
const SLEW_WINDOW_MS = 200;
/** It jumps when it is off by more than this: at once if snapshots come early, after `FAR_OFF_FOR_MS` if they come late. */
const FAR_OFF_MS = 200;
const FAR_OFF_FOR_MS = 300;

export class ServerClock {
  /** Arrival time of tick 0 if its snapshot had travelled as quickly as the quick ones do. */
  #originMs: number | undefined;
  #updatedAtMs = 0;
  #lateSinceMs: number | undefined;
  readonly #origins = new Samples(WINDOW);

  /** Takes in an arrival; returns how late it was, milliseconds (a little below 0 if it was quicker than most). */
  observe(tick: number, arrivedAtMs: number): number {
    const originMs = arrivedAtMs - tick * TICK_MS;
    if (this.#originMs === undefined) this.#jump(originMs, arrivedAtMs);
    const lateMs = originMs - this.#originMs!;
    if (this.#isFarOff(lateMs, arrivedAtMs)) {
      this.#jump(originMs, arrivedAtMs);
      return 0;
    }
    // What was held up by a stall says nothing about how quick the way is.
    if (lateMs <= FAR_OFF_MS) this.#origins.add(originMs);
    this.#slew(arrivedAtMs);
    return lateMs;
  }

  /** The tick, with its fraction, whose snapshot arrives at `nowMs` if it is quick. */
  tickAt(nowMs: number): number {
    return this.#originMs === undefined ? 0 : (nowMs - this.#originMs) / TICK_MS;
  }

  reset(): void {
    this.#originMs = undefined;
    this.#lateSinceMs = undefined;
    this.#origins.clear();
  }

  // A burst after a stall is late only for a moment; a room that paused stays late. Early is always believed.
  #isFarOff(lateMs: number, nowMs: number): boolean {
    if (lateMs < -FAR_OFF_MS) return true;
    if (lateMs <= FAR_OFF_MS) {
      this.#lateSinceMs = undefined;
      return false;
    }
    this.#lateSinceMs ??= nowMs;
    return nowMs - this.#lateSinceMs >= FAR_OFF_FOR_MS;
  }

  #jump(originMs: number, nowMs: number): void {
    this.#originMs = originMs;
    this.#updatedAtMs = nowMs;
    this.#lateSinceMs = undefined;
    this.#origins.clear();
    this.#origins.add(originMs);
  }

  #slew(nowMs: number): void {
    const wantedMs = this.#origins.slowQuantile(QUICK_SHARE);
    const elapsedMs = Math.min(SLEW_WINDOW_MS, Math.max(0, nowMs - this.#updatedAtMs));
    const limitMs = elapsedMs * SLEW;
    const errorMs = wantedMs - this.#originMs!;
    this.#originMs! += Math.min(limitMs, Math.max(-limitMs, errorMs));
    this.#updatedAtMs = nowMs;
  }
}
