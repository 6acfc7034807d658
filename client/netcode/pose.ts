// Where a boat is between two ticks, or a little after the last one that is known.

import type { BoatState } from "../../game/sim/index.ts";
import { AIM_STEPS, TICK_RATE, TURN, UNITS_PER_PX } from "../../game/sim/index.ts";

export interface Pose {
  xPx: number;
  yPx: number;
  vxPxPerSecond: number;
  vyPxPerSecond: number;
  /** Radians. */
  heading: number;
  aim: number;
}

/** A boat that moved further than this in one tick did not sail there, units. */
const JUMP_UNITS_PER_TICK = 40 * UNITS_PER_PX;
const RADIANS_PER_DIRECTION = (2 * Math.PI) / TURN;
const RADIANS_PER_AIM = (2 * Math.PI) / AIM_STEPS;
const PX_PER_SECOND = TICK_RATE / UNITS_PER_PX;

/** The way from `from` to `to` on a circle of `full` steps, -full/2 … full/2. */
export function shortestTurn(from: number, to: number, full: number): number {
  const turn = (((to - from) % full) + full) % full;
  return turn > full / 2 ? turn - full : turn;
}

/** Between `a` and `b`, which are `ticks` apart; `share` 0 is `a`, 1 is `b`. */
export function poseBetween(a: BoatState, b: BoatState, ticks: number, share: number): Pose {
  if (isRelaunch(a, b, ticks)) return poseAfter(share < 1 ? a : b, 0);
  return {
    xPx: mix(a.x, b.x, share) / UNITS_PER_PX,
    yPx: mix(a.y, b.y, share) / UNITS_PER_PX,
    vxPxPerSecond: mix(a.vx, b.vx, share) * PX_PER_SECOND,
    vyPxPerSecond: mix(a.vy, b.vy, share) * PX_PER_SECOND,
    heading: (a.heading + shortestTurn(a.heading, b.heading, TURN) * share) * RADIANS_PER_DIRECTION,
    aim: (a.aim + shortestTurn(a.aim, b.aim, AIM_STEPS) * share) * RADIANS_PER_AIM,
  };
}

/** `ticks` after `boat` if it goes on turning as it does, its way with it: along an arc. */
export function poseAfter(boat: BoatState, ticks: number): Pose {
  const sailed = boat.hull === 0 ? 0 : ticks;
  const turned = boat.turnRate * sailed * RADIANS_PER_DIRECTION;
  // The chord of the arc: shorter than the way, and half turned.
  const chord = turned === 0 ? sailed : (sailed * Math.sin(turned / 2)) / (turned / 2);
  const along = turned / 2;
  return {
    xPx: (boat.x + (boat.vx * Math.cos(along) - boat.vy * Math.sin(along)) * chord) / UNITS_PER_PX,
    yPx: (boat.y + (boat.vy * Math.cos(along) + boat.vx * Math.sin(along)) * chord) / UNITS_PER_PX,
    vxPxPerSecond: (boat.vx * Math.cos(turned) - boat.vy * Math.sin(turned)) * PX_PER_SECOND,
    vyPxPerSecond: (boat.vy * Math.cos(turned) + boat.vx * Math.sin(turned)) * PX_PER_SECOND,
    heading: (boat.heading + boat.turnRate * sailed) * RADIANS_PER_DIRECTION,
    aim: boat.aim * RADIANS_PER_AIM,
  };
}

function isRelaunch(a: BoatState, b: BoatState, ticks: number): boolean {
  const limit = JUMP_UNITS_PER_TICK * Math.max(1, ticks);
  return Math.abs(a.x - b.x) > limit || Math.abs(a.y - b.y) > limit || (a.hull === 0 && b.hull > 0);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
