// Balls in flight and what they meet. A ball is checked against where boats were when its shooter saw them (rewind).

import { BOAT_RADIUS } from "./boat-motion.ts";
import { BALL_DAMAGE, BALL_RADIUS_PX, UNITS_PER_PX } from "./constants.ts";
import { ballFrom, stepBall, tryFire } from "./gun.ts";
import { gridOf, type PlaceGrid } from "./place-grid.ts";
import { sink } from "./spawn.ts";
import { firstContact } from "./sweep.ts";
import type { Terrain } from "./terrain.ts";
import { type Waters, watersOf } from "./waters.ts";
import type { Ball, GameEvent, World } from "./world.ts";

type Row = World["history"][number];

const HIT_RADIUS = BOAT_RADIUS + BALL_RADIUS_PX * UNITS_PER_PX;

/**
 * Moves every ball, swept along its way so that none jumps over a boat; removes those that are done. `boats` holds where they are. `history` does not hold
 * the tick that is being made: its newest row is one tick old.
 */
export function stepBalls(world: World, terrain: Terrain, boats: PlaceGrid, events: GameEvent[]): void {
  const pasts: PlaceGrid[] = [];
  let kept = 0;
  for (const ball of world.balls) {
    const fromX = ball.x;
    const fromY = ball.y;
    const fate = stepBall(ball, terrain);
    const past = ball.lagTicks > 0 ? world.history[ball.lagTicks - 1] : undefined;
    if (past) pasts[ball.lagTicks] ??= gridOfPast(past, terrain.waters);
    const grid = past ? pasts[ball.lagTicks]! : boats;
    const victim = firstBoatOnTheWay(world, ball, fromX, fromY, past, grid);
    if (victim !== -1) hit(world, ball, victim, events);
    else if (fate === "flying") world.balls[kept++] = ball;
  }
  world.balls.length = kept;
}

/** Fires the guns of all who want to and can, at the end of the tick's movement. */
export function stepGuns(world: World, events: GameEvent[]): void {
  const waters = watersOf(world.waters);
  for (let index = 0; index < world.boats.length; index++) {
    const boat = world.boats[index];
    if (!boat || world.balls.length >= waters.ballsMax) continue;
    const muzzle = tryFire(boat, boat.controls, waters);
    if (!muzzle) continue;
    const id = world.nextBallId++;
    world.balls.push(ballFrom(muzzle, id, index, boat.controls.lagTicks));
    events.push({ type: "shot", ball: id, boat: index, ...muzzle });
  }
}

/** `past` holds where the shooter saw the boats, if not where they are; `grid` holds the same places. */
export function firstBoatOnTheWay(
  world: World,
  ball: Ball,
  fromX: number,
  fromY: number,
  past: Row | undefined,
  grid: PlaceGrid,
): number {
  let victim = -1;
  let nearest = 2;
  const reach = HIT_RADIUS + Math.abs(ball.x - fromX) + Math.abs(ball.y - fromY);
  for (const index of grid.near(fromX, fromY, reach)) {
    const boat = world.boats[index];
    if (!boat || index === ball.boat || boat.hull === 0 || boat.protectedFor > 0) continue;
    const seen = past?.[index];
    if (past && !seen) continue;
    const x = seen ? seen[0] : boat.x;
    const y = seen ? seen[1] : boat.y;
    const share = firstContact(fromX, fromY, ball.x - fromX, ball.y - fromY, x, y, HIT_RADIUS);
    if (share !== undefined && share < nearest) {
      victim = index;
      nearest = share;
    }
  }
  return victim;
}

export function gridOfPast(row: Row, waters: Waters): PlaceGrid {
  return gridOf(
    waters,
    row.map((place) => place && { x: place[0], y: place[1] }),
  );
}

function hit(world: World, ball: Ball, victim: number, events: GameEvent[]): void {
  const boat = world.boats[victim]!;
  const damage = Math.min(BALL_DAMAGE, boat.hull);
  boat.hull -= damage;
  events.push({ type: "hit", ball: ball.id, boat: victim, by: ball.boat, damage });
  if (boat.hull === 0) sink(world, victim, ball.boat, events);
}
