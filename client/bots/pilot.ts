// How a bot plays: from the picture that a person would see, not from the world. Gathers pearls, keeps off land, shoots at who comes near.

import type { Terrain } from "../../game/sim/index.ts";
import { BOAT_RADIUS, isOpenWater, terrainOf, UNITS_PER_PX } from "../../game/sim/index.ts";
import type { PlayerControls } from "../netcode/game-session.ts";
import type { RenderBoat, RenderState } from "../netcode/render-state.ts";

const RANGE_PX = 380;
const BALL_PX_PER_SECOND = 500;
/** How far ahead the water is probed for land. */
const LOOK_AHEAD_PX = [50, 110, 170];
/** Courses that are tried around the wanted one, radians, nearest first. */
const DETOURS = [0, 0.45, -0.45, 0.9, -0.9, 1.4, -1.4, 2, -2, 2.6, -2.6];
const FULL_RUDDER_AT_RADIANS = 0.6;
/** How much further a thing may lie for each radian that need not be turned. */
const TURN_COST_PX = 90;
/** Largest error of the aim to either side, radians. */
const AIM_ERROR_RADIANS = 0.15;
/** Share of the chances to shoot that are taken. */
const TRIGGER_SHARE = 0.5;

/** What to do with what is seen. `random` gives 0 … 1. */
export function steer(seen: RenderState, random: () => number): PlayerControls {
  const own = seen.boats.find((boat) => boat.own);
  if (!own?.afloat) return { throttle: 0, rudder: 0, aim: own?.aim ?? 0, fire: false };
  const terrain = terrainOf(seen.seed, seen.waters);
  const course = clearCourse(own, wantedCourse(own, seen), terrain);
  const off = turn(own.heading, course);
  const targets = seen.boats.filter((boat) => !boat.own && boat.afloat && !boat.isProtected);
  const target = leastBy(targets, (boat) => distance(own, boat));
  const inRange = target !== undefined && distance(own, target) < RANGE_PX;
  return {
    throttle: Math.abs(off) > 0.5 ? 0.4 : 1,
    rudder: Math.max(-1, Math.min(1, off / FULL_RUDDER_AT_RADIANS)),
    aim: inRange ? leadAim(own, target) + (random() * 2 - 1) * AIM_ERROR_RADIANS : own.heading,
    fire: inRange && random() < TRIGGER_SHARE,
  };
}

function wantedCourse(own: RenderBoat, seen: RenderState): number {
  const pearl = leastBy(
    seen.pearls,
    (other) => distance(own, other) + Math.abs(turn(own.heading, bearing(own, other))) * TURN_COST_PX,
  );
  return pearl ? bearing(own, pearl) : own.heading;
}

/** The course nearest to the wanted one that does not run aground soon, radians. */
export function clearCourse(own: RenderBoat, wanted: number, terrain: Terrain): number {
  const detour = DETOURS.find((angle) => LOOK_AHEAD_PX.every((ahead) => isClear(own, wanted + angle, ahead, terrain)));
  return wanted + (detour ?? Math.PI);
}

function isClear(own: RenderBoat, course: number, aheadPx: number, terrain: Terrain): boolean {
  const x = Math.round((own.xPx + Math.cos(course) * aheadPx) * UNITS_PER_PX);
  const y = Math.round((own.yPx + Math.sin(course) * aheadPx) * UNITS_PER_PX);
  return isOpenWater(terrain, x, y, BOAT_RADIUS);
}

/** Where to point so that a ball and the target meet, radians. */
export function leadAim(own: RenderBoat, target: RenderBoat): number {
  const seconds = distance(own, target) / BALL_PX_PER_SECOND;
  const xPx = target.xPx + (target.vxPxPerSecond - own.vxPxPerSecond) * seconds;
  const yPx = target.yPx + (target.vyPxPerSecond - own.vyPxPerSecond) * seconds;
  return bearing(own, { xPx, yPx });
}

interface Place {
  xPx: number;
  yPx: number;
}

function leastBy<Thing>(things: readonly Thing[], cost: (thing: Thing) => number): Thing | undefined {
  let best: Thing | undefined;
  let leastCost = Number.POSITIVE_INFINITY;
  for (const thing of things) {
    const thingCost = cost(thing);
    if (thingCost >= leastCost) continue;
    best = thing;
    leastCost = thingCost;
  }
  return best;
}

export function bearing(from: Place, to: Place): number {
  return Math.atan2(to.yPx - from.yPx, to.xPx - from.xPx);
}

export function distance(a: Place, b: Place): number {
  return Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx);
}

/** From one direction to another by the shorter way, radians. */
export function turn(from: number, to: number): number {
  return Math.atan2(Math.sin(to - from), Math.cos(to - from));
}
