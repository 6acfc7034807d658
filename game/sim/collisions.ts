// Boats that run into each other are pushed apart and bounce; a hard ram hurts both.

import { BOAT_RADIUS, keepInside, limitSpeed } from "./boat-motion.ts";
import { lengthOf } from "./integer-maths.ts";
import type { PlaceGrid } from "./place-grid.ts";
import { sink } from "./spawn.ts";
import { type Waters, watersOf } from "./waters.ts";
import type { BoatState, GameEvent, World } from "./world.ts";

/** Bumps below this are not worth an event, units a tick. */
export const BOUNCE_EVENT_MIN = 48;
/** Share of the closing speed that is given back, percent. */
const RAM_BOUNCE_PERCENT = 45;
/** Closing speed from which a ram hurts, and units a tick beyond it for each point of damage. */
const RAM_HARMLESS_SPEED = 300;
const RAM_SPEED_PER_DAMAGE = 45;
const RAM_DAMAGE_MAX = 12;
const APART = 2 * BOAT_RADIUS;

/** `grid` holds where the boats are, and still does afterwards. */
export function stepCollisions(world: World, grid: PlaceGrid, events: GameEvent[]): void {
  const { boats } = world;
  const waters = watersOf(world.waters);
  for (let one = 0; one < boats.length; one++) {
    const a = boats[one];
    if (!a) continue;
    let two = one;
    while (a.hull > 0) {
      two = nextTouching(boats, grid, one, two);
      if (two === -1) break;
      const b = boats[two]!;
      const closing = pushApart(a, b, b.x - a.x, b.y - a.y, waters);
      grid.put(one, a.x, a.y);
      grid.put(two, b.x, b.y);
      if (closing >= BOUNCE_EVENT_MIN) {
        events.push({ type: "bounce", boat: one, x: (a.x + b.x) >> 1, y: (a.y + b.y) >> 1, strength: closing });
      }
      if (world.phase === "playing") ram(world, one, two, closing, events);
    }
  }
}

/** The boat with the lowest index above `after` that touches that one now, or -1. */
export function nextTouching(boats: World["boats"], grid: PlaceGrid, one: number, after: number): number {
  const a = boats[one]!;
  for (const two of grid.near(a.x, a.y, APART)) {
    if (two <= after) continue;
    const b = boats[two]!;
    if (b.hull === 0) continue;
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    if (dx * dx + dy * dy < APART * APART) return two;
  }
  return -1;
}

/** Parts two boats that touch, in place, and throws them off each other. Returns the speed at which they came together, units a tick. */
export function pushApart(a: BoatState, b: BoatState, dx: number, dy: number, waters: Waters): number {
  const distance = lengthOf(dx, dy);
  // Two boats in the very same place part along x.
  const normalX = distance === 0 ? 1 : dx / distance;
  const normalY = distance === 0 ? 0 : dy / distance;
  const half = (APART - distance + 1) / 2;
  const pushX = Math.round(normalX * half);
  const pushY = Math.round(normalY * half);
  a.x -= pushX;
  a.y -= pushY;
  b.x += pushX;
  b.y += pushY;
  const closing = ((a.vx - b.vx) * normalX + (a.vy - b.vy) * normalY) | 0;
  if (closing > 0) {
    const impulse = (closing * (100 + RAM_BOUNCE_PERCENT)) / 200;
    const changeX = (normalX * impulse) | 0;
    const changeY = (normalY * impulse) | 0;
    a.vx = limitSpeed(a.vx - changeX);
    a.vy = limitSpeed(a.vy - changeY);
    b.vx = limitSpeed(b.vx + changeX);
    b.vy = limitSpeed(b.vy + changeY);
  }
  keepInside(a, waters);
  keepInside(b, waters);
  return Math.max(closing, 0);
}

function ram(world: World, one: number, two: number, closing: number, events: GameEvent[]): void {
  const a = world.boats[one]!;
  const b = world.boats[two]!;
  if (closing <= RAM_HARMLESS_SPEED || a.protectedFor > 0 || b.protectedFor > 0) return;
  const damage = Math.min(RAM_DAMAGE_MAX, Math.ceil((closing - RAM_HARMLESS_SPEED) / RAM_SPEED_PER_DAMAGE));
  a.hull = Math.max(0, a.hull - damage);
  b.hull = Math.max(0, b.hull - damage);
  if (a.hull === 0) sink(world, one, two, events);
  if (b.hull === 0) sink(world, two, one, events);
}
