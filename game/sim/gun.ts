// The gun and its balls, without the boats that they may hit: the client flies balls with the same functions.

import {
  BALL_FLIGHT_TICKS,
  BALL_RADIUS_PX,
  BOAT_RADIUS_PX,
  MUZZLE_SPEED_UNITS_PER_TICK,
  RELOAD_TICKS,
  UNITS_PER_PX,
} from "./constants.ts";
import { clamp, cosine, directionOfAim, sine, unscale } from "./integer-maths.ts";
import { firstContact } from "./sweep.ts";
import { islandsNear, type Terrain } from "./terrain.ts";
import type { Waters } from "./waters.ts";
import type { Ball, BoatState, Controls } from "./world.ts";

const BARREL = BOAT_RADIUS_PX * UNITS_PER_PX;
const BALL_RADIUS = BALL_RADIUS_PX * UNITS_PER_PX;

/** A ball's place and velocity as it leaves the gun, units and units a tick. */
export interface Muzzle {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

/** Where a ball would leave the boat's gun now. It takes the boat's velocity along, so on the shooter's screen it flies where the gun points. */
export function muzzleOf(boat: BoatState, { width, height }: Waters): Muzzle {
  const direction = directionOfAim(boat.aim);
  const cos = cosine(direction);
  const sin = sine(direction);
  return {
    x: clamp(boat.x + unscale(BARREL * cos), 0, width),
    y: clamp(boat.y + unscale(BARREL * sin), 0, height),
    vx: unscale(MUZZLE_SPEED_UNITS_PER_TICK * cos) + boat.vx,
    vy: unscale(MUZZLE_SPEED_UNITS_PER_TICK * sin) + boat.vy,
  };
}

/** Fires if asked to and possible: reloads, ends the boat's own protection, and returns the muzzle. To be called after stepBoat, in the same tick. */
export function tryFire(boat: BoatState, controls: Controls, waters: Waters): Muzzle | undefined {
  if (!controls.fire || boat.reload > 0 || boat.hull === 0) return undefined;
  boat.reload = RELOAD_TICKS;
  boat.protectedFor = 0;
  return muzzleOf(boat, waters);
}

export function ballFrom(muzzle: Muzzle, id: number, boat: number, lagTicks: number): Ball {
  return { id, boat, ...muzzle, ticksLeft: BALL_FLIGHT_TICKS, lagTicks };
}

/** `flying`: goes on. `splashed`: fell into the water or over the wall. `stopped`: met land. */
export type BallFate = "flying" | "splashed" | "stopped";

/** Moves a ball by one tick, in place, up to the shore if there is one on its way. */
export function stepBall(ball: Ball, terrain: Terrain): BallFate {
  const share = landOnTheWay(ball, terrain);
  ball.ticksLeft -= 1;
  if (share !== undefined) {
    ball.x += Math.round(ball.vx * share);
    ball.y += Math.round(ball.vy * share);
    return "stopped";
  }
  ball.x += ball.vx;
  ball.y += ball.vy;
  const { width, height } = terrain.waters;
  const inside = ball.x >= 0 && ball.y >= 0 && ball.x <= width && ball.y <= height;
  return inside && ball.ticksLeft > 0 ? "flying" : "splashed";
}

function landOnTheWay(ball: Ball, terrain: Terrain): number | undefined {
  let first: number | undefined;
  for (const island of islandsNear(terrain, ball.x, ball.y)) {
    if (firstContact(ball.x, ball.y, ball.vx, ball.vy, island.x, island.y, island.reach) === undefined) continue;
    for (const circle of island.circles) {
      const share = firstContact(ball.x, ball.y, ball.vx, ball.vy, circle.x, circle.y, circle.radius - BALL_RADIUS);
      if (share !== undefined && (first === undefined || share < first)) first = share;
    }
  }
  return first;
}
