// A person at the keys and the mouse: throttle and rudder are held down or not and change a few times a second, the gun follows what is
// seen on the screen with every frame, a little astray. Sails where there is company.

import { bearing, clearCourse, distance, leadAim, turn } from "../../client/bots/pilot.ts";
import type { PlayerControls } from "../../client/netcode/game-session.ts";
import type { RenderBoat, RenderState } from "../../client/netcode/render-state.ts";
import { terrainOf } from "../../game/sim/index.ts";

/** A hand changes what it holds no more often than this, and no later than that, milliseconds. */
const KEYS_MIN_MS = 120;
const KEYS_MAX_MS = 450;
/** The aim is off by up to so much to either side, radians, and that changes so often, milliseconds. */
const AIM_ERROR_RADIANS = 0.09;
const AIM_ERROR_MS = 300;
const RANGE_PX = 400;
/** Nearer than this a sailor turns its side to whom it fights. */
const KEEP_OFF_PX = 150;
/** A rudder key goes down when the course is off by more than this, radians. */
const RUDDER_AT_RADIANS = 0.25;

export class Sailor {
  readonly #random: () => number;
  #keys = { throttle: 1, rudder: 0 };
  #keysAtMs = 0;
  #error = 0;
  #errorAtMs = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** What is held after a look at the screen. */
  controls(seen: RenderState, nowMs: number): PlayerControls {
    const own = seen.boats.find((boat) => boat.own);
    if (!own?.afloat) return { throttle: 0, rudder: 0, aim: 0, fire: false };
    const target = nearest(own, seen.boats);
    if (nowMs >= this.#keysAtMs) {
      this.#keys = this.#keysFor(own, target, seen.seed);
      this.#keysAtMs = nowMs + KEYS_MIN_MS + this.#random() * (KEYS_MAX_MS - KEYS_MIN_MS);
    }
    if (nowMs >= this.#errorAtMs) {
      this.#error = (this.#random() * 2 - 1) * AIM_ERROR_RADIANS;
      this.#errorAtMs = nowMs + AIM_ERROR_MS;
    }
    const isInRange = target !== undefined && !target.isProtected && distance(own, target) < RANGE_PX;
    const aim = target ? leadAim(own, target) + this.#error : own.heading;
    return { ...this.#keys, aim, fire: isInRange };
  }

  #keysFor(own: RenderBoat, target: RenderBoat | undefined, seed: number): { throttle: number; rudder: number } {
    const towards = target ? bearing(own, target) : own.heading;
    const isClose = target !== undefined && distance(own, target) < KEEP_OFF_PX;
    const off = turn(own.heading, clearCourse(own, isClose ? towards + Math.PI / 2 : towards, terrainOf(seed)));
    const throttle = this.#random() < 0.85 ? 1 : 0;
    return { throttle, rudder: Math.abs(off) < RUDDER_AT_RADIANS ? 0 : Math.sign(off) };
  }
}

function nearest(own: RenderBoat, boats: readonly RenderBoat[]): RenderBoat | undefined {
  let best: RenderBoat | undefined;
  for (const boat of boats) {
    if (boat.own || !boat.afloat) continue;
    if (best === undefined || distance(own, boat) < distance(own, best)) best = boat;
  }
  return best;
}
