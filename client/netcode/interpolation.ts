// Other boats are drawn a little in the past, between two views that are known. How far in the past follows how unevenly snapshots come;
// when none come, boats go on by their velocity for a moment, then stop.

import type { BoatState, View } from "../../game/sim/index.ts";
import { TICK_MS } from "../../game/sim/index.ts";
import { type Pose, poseAfter, poseBetween } from "./pose.ts";
import { Samples } from "./samples.ts";
import { SlewedTime } from "./slewed-time.ts";

/** Over an even way: one until the next view is due, the rest for comfort. */
export const DELAY_MIN_TICKS = 1.25;
export const DELAY_MAX_TICKS = 250 / TICK_MS;
/** Longest time that a boat is drawn on by its velocity, ticks. */
export const EXTRAPOLATE_MAX_TICKS = 6;
/** Arrivals that the delay is learnt from (two seconds). */
const WINDOW = 60;
/** Share of arrivals that shall be there in time. */
const IN_TIME_SHARE = 0.97;
/** Later than this is a stall or a hidden tab, not unevenness: no delay would help. */
const STALL_MS = 400;
/** The delay grows at once when it is too short, and shrinks by no more than this with each arrival, ticks. */
const SHRINK_TICKS = 0.03;

export class DrawTime {
  readonly #lateMs = new Samples(WINDOW);
  readonly #time = new SlewedTime({ fasterMax: 0.15, slowerMax: 0.5, jumpTicks: 15 });
  #delayTicks = DELAY_MIN_TICKS;
  #reachTick = Number.NEGATIVE_INFINITY;
  #liveTick = 0;
  /** Instead of the delay that was learnt from arrivals: for a lesson. */
  fixedTicks: number | undefined;

  /** How far behind the newest possible snapshot others are to be drawn. */
  get delayTicks(): number {
    return this.fixedTicks ?? this.#delayTicks;
  }

  /** How far behind it they are at this moment: less if shots could not reach them there, nothing if they have to be guessed. */
  get behindTicks(): number {
    const isHurried = this.#reachTick > this.#time.tick;
    return isHurried ? Math.max(0, this.#liveTick - this.#reachTick) : this.delayTicks;
  }

  /** The tick, with its fraction, at which others are drawn. Never goes back. */
  get tick(): number {
    return Math.max(this.#time.tick, this.#reachTick);
  }

  arrival(lateMs: number): void {
    if (lateMs > STALL_MS) return;
    this.#lateMs.add(Math.max(0, lateMs));
    const wanted = DELAY_MIN_TICKS + this.#lateMs.slowQuantile(IN_TIME_SHARE) / TICK_MS;
    this.#delayTicks = Math.min(DELAY_MAX_TICKS, Math.max(wanted, this.#delayTicks - SHRINK_TICKS));
  }

  /**
   * Moves on to `nowMs`, when the snapshot of `liveTick` could arrive. Others are drawn no earlier than at `reachTick`, even if they have to be
   * guessed for that: where they were before, no shot meets them.
   */
  follow(liveTick: number, newestTick: number, nowMs: number, reachTick = Number.NEGATIVE_INFINITY): void {
    const lastTick = newestTick + EXTRAPOLATE_MAX_TICKS;
    this.#liveTick = liveTick;
    this.#time.follow(liveTick - this.delayTicks, lastTick, nowMs);
    this.#reachTick = Math.max(this.#reachTick, Math.min(reachTick, lastTick));
  }

  reset(): void {
    this.#reachTick = Number.NEGATIVE_INFINITY;
    this.#time.reset();
    this.#lateMs.clear();
  }
}

/** The two views around a tick. `after` is absent when the tick is newer than all. */
export interface Around {
  before: View;
  after?: View;
}

/** Finds the views around `tick`; before the first one, the first one. `undefined` if there are none. */
export function viewsAround(views: readonly View[], tick: number): Around | undefined {
  for (let at = views.length - 1; at >= 0; at--) {
    const before = views[at]!;
    if (before.tick > tick && at > 0) continue;
    const after = views[at + 1];
    return after && before.tick <= tick ? { before, after } : { before };
  }
  return undefined;
}

/** A boat at `tick`: where it is drawn, and the state that its other properties are read from. */
export function boatAt(around: Around, seat: number, tick: number): { pose: Pose; state: BoatState } | undefined {
  const { before, after } = around;
  const a = before.boats[seat];
  if (!a) return undefined;
  const b = after?.boats[seat];
  if (after && b) {
    const ticks = after.tick - before.tick;
    return { pose: poseBetween(a, b, ticks, (tick - before.tick) / ticks), state: a };
  }
  const ahead = Math.min(EXTRAPOLATE_MAX_TICKS, Math.max(0, tick - before.tick));
  return { pose: poseAfter(a, after ? 0 : ahead), state: a };
}
