// What a bot does with its boat: gathers pearls, hunts now and then, keeps off the rocks, shoots with a lead and not too well.
// Pure: reads the world and decides, keeps no memory; its whims are noise of seed, tick and index, so that a replay needs no record of them.

import { neutralControls } from "./boat-motion.ts";
import { chooseEnemy, shotAt } from "./bot-gunner.ts";
import { steerTowards } from "./bot-pilot.ts";
import { UNITS_PER_PX } from "./constants.ts";
import { aimOf, directionOf, lengthOf } from "./integer-maths.ts";
import type { PlaceGrid } from "./place-grid.ts";
import { noiseBelow } from "./random.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";
import { terrainOf } from "./terrain.ts";
import { watersOf } from "./waters.ts";
import type { Boat, Controls, Pearl, World } from "./world.ts";

/** A bot keeps a mood for this long, ticks. */
const MOOD_TICKS = 150;
const HUNTING_PERCENT = 45;
/** A hunter keeps about this distance and turns its side, units. */
const KEEP_OFF = 190 * UNITS_PER_PX;
/** Pearls that are this much farther for one bot than for another, so that bots do not sail in a row, units. */
const PEARL_WHIM = 260 * UNITS_PER_PX;
/** How far a bot looks for a pearl at first, units. */
const PEARL_SIGHT = 500 * UNITS_PER_PX;
const DIRECTION_QUARTER = 1024;
const DIRECTION_ALL = 4096;

/**
 * Controls for the boat at `index` in the coming tick; neutral if there is none. Changes nothing. Who asks for many bots makes the world's surroundings once for
 * all.
 */
export function botControls(world: World, index: number, around: Surroundings = surroundingsOf(world)): Controls {
  const boat = world.boats[index];
  if (!boat || boat.hull === 0) return { ...neutralControls };
  const terrain = terrainOf(world.seed, world.waters);
  const mood = Math.floor((world.tick + index * 37) / MOOD_TICKS);
  const enemy = chooseEnemy(world, index, mood, around);
  const hunting = enemy !== undefined && noiseBelow(100, world.seed, index, mood) < HUNTING_PERCENT;
  const wanted =
    hunting && enemy
      ? courseForHunt(boat, enemy, mood + index)
      : courseForPearls(world, index, boat, mood, around.pearls);
  const { throttle, rudder } = steerTowards(boat, wanted, terrain);
  const shot = enemy ? shotAt(world, index, boat, enemy, terrain) : undefined;
  const aim = shot ? shot.aim : aimOf(boat.heading);
  return { throttle, rudder, aim, fire: shot?.fire ?? false, lagTicks: 0 };
}

function courseForHunt(boat: Boat, enemy: Boat, whim: number): number {
  const dx = enemy.x + enemy.vx * 12 - boat.x;
  const dy = enemy.y + enemy.vy * 12 - boat.y;
  const straight = directionOf(dx, dy);
  if (lengthOf(dx, dy) > KEEP_OFF) return straight;
  return straight + (whim % 2 === 0 ? DIRECTION_QUARTER : -DIRECTION_QUARTER);
}

function courseForPearls(world: World, index: number, boat: Boat, mood: number, pearls: PlaceGrid): number {
  const best = fanciedPearl(world, index, boat, pearls);
  if (best) return directionOf(best.x - boat.x, best.y - boat.y);
  const idle = noiseBelow(DIRECTION_ALL, world.seed, index, mood);
  const { width, height } = watersOf(world.waters);
  const nearWall = boat.x < width / 8 || boat.x > (width * 7) / 8 || boat.y < height / 8 || boat.y > (height * 7) / 8;
  return nearWall ? directionOf(width / 2 - boat.x, height / 2 - boat.y) : idle;
}

function fanciedPearl(world: World, index: number, boat: Boat, pearls: PlaceGrid): Pearl | undefined {
  const farthest = watersOf(world.waters).width * 2;
  // A pearl farther than the best one's cost cannot be better: the search widens until that is so.
  for (let reach = PEARL_SIGHT; ; reach *= 2) {
    let best: Pearl | undefined;
    let bestCost = Number.MAX_SAFE_INTEGER;
    for (const at of pearls.near(boat.x, boat.y, reach)) {
      const pearl = world.pearls[at]!;
      const cost = lengthOf(pearl.x - boat.x, pearl.y - boat.y) + noiseBelow(PEARL_WHIM, world.seed, index, pearl.id);
      if (cost >= bestCost) continue;
      best = pearl;
      bestCost = cost;
    }
    if (bestCost < reach || reach > farthest) return best;
  }
}
