// How a bot steers a wanted course without running aground.

import { CONTROL_STEPS, TURN, UNITS_PER_PX } from "./constants.ts";
import { clamp, cosine, sine, turnBetween, unscale } from "./integer-maths.ts";
import { isOpenWater, type Terrain } from "./terrain.ts";
import type { Boat } from "./world.ts";

/** Bots are a little slower than people can be, steps of throttle. */
const CRUISE_THROTTLE = 6;
const TURNING_THROTTLE = 4;
const CLEARANCE = 26 * UNITS_PER_PX;
/** Where a course is probed for land, units ahead. */
const PROBES = [60 * UNITS_PER_PX, 125 * UNITS_PER_PX, 190 * UNITS_PER_PX];
/** Courses that are tried around the wanted one, nearest first, in directions. */
const DETOURS = [0, 300, -300, 600, -600, 900, -900, 1200, -1200, 1600, -1600];
/** Land this close ahead of a boat that hardly moves: go astern, units. */
const AGROUND = 30 * UNITS_PER_PX;
const STUCK_SPEED = 60;

export function steerTowards(boat: Boat, wanted: number, terrain: Terrain): { throttle: number; rudder: number } {
  const aground = !isClear(boat, boat.heading, AGROUND, terrain);
  const slow = Math.abs(boat.vx) + Math.abs(boat.vy) < STUCK_SPEED;
  const off = turnBetween(boat.heading, freeCourse(boat, wanted, terrain));
  const rudder = clamp(Math.round(off / 45) - Math.round(boat.turnRate / 12), -CONTROL_STEPS, CONTROL_STEPS);
  if (aground && (slow || isMovingAstern(boat))) return { throttle: -CONTROL_STEPS, rudder: -rudder | 0 };
  return { throttle: Math.abs(off) > TURN / 6 ? TURNING_THROTTLE : CRUISE_THROTTLE, rudder: rudder | 0 };
}

function freeCourse(boat: Boat, wanted: number, terrain: Terrain): number {
  for (const detour of DETOURS) {
    if (PROBES.every((distance) => isClear(boat, wanted + detour, distance, terrain))) return wanted + detour;
  }
  for (const detour of DETOURS) {
    if (isClear(boat, wanted + detour, PROBES[0]!, terrain)) return wanted + detour;
  }
  return wanted + TURN / 2;
}

function isClear(boat: Boat, direction: number, distance: number, terrain: Terrain): boolean {
  const x = boat.x + unscale(distance * cosine(direction));
  const y = boat.y + unscale(distance * sine(direction));
  return isOpenWater(terrain, x, y, CLEARANCE);
}

function isMovingAstern(boat: Boat): boolean {
  return boat.vx * cosine(boat.heading) + boat.vy * sine(boat.heading) < 0;
}
