// One measured player: the game's own session behind a conditioned network, a screen of 60 frames a second, a sailor at it, and what
// they felt.

import type { Conditioner } from "../../client/net/conditioner.ts";
import type { Lessons } from "../../client/netcode/lessons.ts";
import { NetMeter } from "../../client/netcode/net-meter.ts";
import type { RenderBoat } from "../../client/netcode/render-state.ts";
import { Session } from "../../client/netcode/session.ts";
import type { VirtualTime } from "../../client/netcode/testing/virtual-time.ts";
import { BOAT_RADIUS, TICK_MS, UNITS_PER_PX, type View } from "../../game/sim/index.ts";
import type { Basin } from "./basin.ts";
import { Sailor } from "./sailor.ts";
import { Shots } from "./shots.ts";

export const FRAME_MS = 1000 / 60;
/** A boat that moves by so much more in one frame than its speed accounts for leaps, pixels. */
const LEAP_PX = 3;
/** Corrections of one run, all of them. */
const CORRECTIONS_MAX = 1_000_000;
/** Boats that a collision has pushed apart are no further from each other than this, units. */
const TOUCHING = 2 * BOAT_RADIUS + 2 * UNITS_PER_PX;

/** Why the server's boat was not where the prediction had it. */
export type Cause = "ram" | "late input" | "sinking" | "other";

export interface Correction {
  px: number;
  cause: Cause;
}

/** What the room knew at a tick. */
export interface Truth {
  viewAt(tick: number): View | undefined;
  /** An input of the seat that was for that tick, or one before, came after it was made. */
  wasLate(seat: number, tick: number): boolean;
}

export class MeasuredPlayer {
  readonly corrections: Correction[] = [];
  readonly shots = new Shots();
  /** Samples of each frame, or of each snapshot. */
  readonly delaysMs: number[] = [];
  readonly lagTicks: number[] = [];
  readonly leadTicks: number[] = [];
  readonly guessErrorsPx: number[] = [];
  frames = 0;
  framesGuessed = 0;
  ownLeapMaxPx = 0;
  otherLeaps = 0;
  /** Frames times other boats that were afloat in them. */
  otherFrames = 0;
  readonly #session: Session;
  readonly #meter = new NetMeter(CORRECTIONS_MAX);
  readonly #sailor: Sailor;
  readonly #truth: Truth;
  readonly #time: VirtualTime;
  readonly #places = new Map<number, { xPx: number; yPx: number; afloat: boolean }>();
  #isMeasured = false;
  #newestTick = 0;
  #corrected = 0;

  constructor(options: {
    name: string;
    time: VirtualTime;
    basin: Basin;
    network: Conditioner;
    random: () => number;
    lessons: Readonly<Lessons>;
    truth: Truth;
  }) {
    const { name, time, basin, network, random, lessons } = options;
    this.#time = time;
    this.#truth = options.truth;
    this.#sailor = new Sailor(random);
    this.#session = new Session({
      ...{ dial: network.dial, clock: time, random, request: { name }, build: "bench" },
      ...{ decode: basin.decode, lessons, meter: this.#meter },
    });
    this.#session.subscribe({ snapshot: (tick) => this.#snapshot(tick) });
  }

  get seat(): number {
    return this.#session.welcome?.seat ?? -1;
  }

  open(phase: number): void {
    this.#session.open();
    this.#time.after(phase * FRAME_MS, () => this.#time.every(FRAME_MS, () => this.#frame()));
  }

  /** What came before is not counted. */
  begin(): void {
    this.#isMeasured = true;
  }

  #snapshot(tick: number): void {
    this.#newestTick = tick;
    const { values } = this.#meter.correctionsPx;
    const isJudged = values.length > this.#corrected;
    this.#corrected = values.length;
    if (!this.#isMeasured) return;
    const { interpolationDelayMs, lagTicks, leadTicks } = this.#session.stats();
    this.delaysMs.push(interpolationDelayMs);
    this.lagTicks.push(lagTicks);
    this.leadTicks.push(leadTicks);
    if (isJudged) this.corrections.push({ px: values.at(-1)!, cause: this.#causeAt(tick) });
  }

  #frame(): void {
    const nowMs = this.#time.now();
    const seen = this.#session.frame(nowMs);
    if (!seen) return;
    // A hand moves by what the eye saw: the controls are those of the next frame.
    this.#session.setControls(this.#sailor.controls(seen, nowMs));
    if (!this.#isMeasured) return;
    const { extrapolationMs, lagTicks } = this.#session.stats();
    this.shots.frame(seen.balls, seen.boats, lagTicks, nowMs);
    this.frames += 1;
    this.#leaps(seen.boats);
    if (extrapolationMs === 0) return;
    this.framesGuessed += 1;
    this.#guesses(seen.boats, this.#newestTick + extrapolationMs / TICK_MS);
  }

  #leaps(boats: readonly RenderBoat[]): void {
    for (const { seat, own, afloat, xPx, yPx, vxPxPerSecond, vyPxPerSecond } of boats) {
      const last = this.#places.get(seat);
      this.#places.set(seat, { xPx, yPx, afloat });
      // A boat that is launched anew did not leap.
      if (!last?.afloat || !afloat) continue;
      const seconds = FRAME_MS / 1000;
      const px = Math.hypot(xPx - last.xPx - vxPxPerSecond * seconds, yPx - last.yPx - vyPxPerSecond * seconds);
      if (!own) this.otherFrames += 1;
      if (px < LEAP_PX) continue;
      if (own) this.ownLeapMaxPx = Math.max(this.ownLeapMaxPx, px);
      else this.otherLeaps += 1;
    }
  }

  /** How far others that are drawn ahead of what is known are from where they will have been. */
  #guesses(boats: readonly RenderBoat[], tick: number): void {
    const before = this.#truth.viewAt(Math.floor(tick));
    const after = this.#truth.viewAt(Math.floor(tick) + 1);
    if (!before || !after) return;
    for (const { own, afloat, seat, xPx, yPx } of boats) {
      const a = before.boats[seat];
      const b = after.boats[seat];
      if (own || !afloat || !a?.hull || !b?.hull) continue;
      const share = tick % 1;
      const x = (a.x + (b.x - a.x) * share) / UNITS_PER_PX;
      const y = (a.y + (b.y - a.y) * share) / UNITS_PER_PX;
      this.guessErrorsPx.push(Math.hypot(x - xPx, y - yPx));
    }
  }

  #causeAt(tick: number): Cause {
    const view = this.#truth.viewAt(tick);
    const own = view?.boats[this.seat];
    if (!own?.hull) return "sinking";
    const past = this.#truth.viewAt(tick - 1);
    for (const [seat, other] of view!.boats.entries()) {
      // A ram may have sunk it.
      const wasAfloat = (past?.boats[seat]?.hull ?? 0) > 0;
      if (seat === this.seat || !other || !wasAfloat) continue;
      if ((other.x - own.x) ** 2 + (other.y - own.y) ** 2 < TOUCHING ** 2) return "ram";
    }
    return this.#truth.wasLate(this.seat, tick) ? "late input" : "other";
  }
}
