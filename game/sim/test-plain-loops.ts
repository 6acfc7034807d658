// For tests: what the simulation looks for by grids, looked for by looking at everything.

import { BOAT_RADIUS } from "./boat-motion.ts";
import { BALL_RADIUS_PX, PEARL_RADIUS_PX, UNITS_PER_PX } from "./constants.ts";
import { firstContact } from "./sweep.ts";
import type { Ball, World } from "./world.ts";

const TOUCHING = 2 * BOAT_RADIUS;
const PEARL_REACH = BOAT_RADIUS + PEARL_RADIUS_PX * UNITS_PER_PX;

/** The boat above `after` with the lowest index that touches that one, or -1. */
export function plainTouching(world: World, one: number, after: number): number {
  const a = world.boats[one]!;
  return world.boats.findIndex(
    (b, two) => two > after && b !== null && b.hull > 0 && (b.x - a.x) ** 2 + (b.y - a.y) ** 2 < TOUCHING * TOUCHING,
  );
}

/** The boat that a ball meets first on its way from there to where it is, or -1. */
export function plainVictim(world: World, ball: Ball, fromX: number, fromY: number): number {
  const past = ball.lagTicks > 0 ? world.history[ball.lagTicks - 1] : undefined;
  let victim = -1;
  let nearest = 2;
  for (const [index, boat] of world.boats.entries()) {
    if (!boat || index === ball.boat || boat.hull === 0 || boat.protectedFor > 0) continue;
    const seen = past ? past[index] : [boat.x, boat.y];
    if (!seen) continue;
    const radius = BOAT_RADIUS + BALL_RADIUS_PX * UNITS_PER_PX;
    const share = firstContact(fromX, fromY, ball.x - fromX, ball.y - fromY, seen[0]!, seen[1]!, radius);
    if (share === undefined || share >= nearest) continue;
    victim = index;
    nearest = share;
  }
  return victim;
}

/** The lowest index of the boats that reach a place, or -1. */
export function plainTaker(world: World, x: number, y: number): number {
  return world.boats.findIndex(
    (boat) => boat !== null && boat.hull > 0 && (boat.x - x) ** 2 + (boat.y - y) ** 2 < PEARL_REACH * PEARL_REACH,
  );
}
