// Whom a bot fights, and how well it aims.

import { MUZZLE_SPEED_UNITS_PER_TICK, RELOAD_TICKS, UNITS_PER_PX } from "./constants.ts";
import { aimOf, directionOf, lengthOf } from "./integer-maths.ts";
import { noiseBelow } from "./random.ts";
import { RIVALS_MAX, SIGHT, type Surroundings } from "./surroundings.ts";
import { isOpenWater, type Terrain } from "./terrain.ts";
import type { Boat, World } from "./world.ts";

const RANGE = 430 * UNITS_PER_PX;
/** Enemies that one bot fancies less than another does, units. */
const ENEMY_WHIM = 280 * UNITS_PER_PX;
/** Aim goes astray by up to this much to either side, directions (about 12 degrees), slowly changing. */
const AIM_ERROR = 140;
const AIM_ERROR_TICKS = 24;
/** A bot that could shoot does so in this share of its chances, percent, decided anew every RELOAD_TICKS. */
const TRIGGER_PERCENT = 45;
/** Places on the line of fire that must not be land. */
const LINE_PROBES = 4;

/** The enemy that a bot minds at present, if any: near, afloat, unprotected, and not already hunted by others. */
export function chooseEnemy(world: World, index: number, mood: number, around: Surroundings): Boat | undefined {
  const self = world.boats[index]!;
  let best: Boat | undefined;
  let bestCost = SIGHT + ENEMY_WHIM;
  for (const other of around.boats.near(self.x, self.y, SIGHT + 1)) {
    const boat = world.boats[other];
    if (!boat || other === index || boat.hull === 0 || boat.protectedFor > 0) continue;
    const distance = lengthOf(boat.x - self.x, boat.y - self.y);
    if (distance > SIGHT) continue;
    const cost = distance + noiseBelow(ENEMY_WHIM, index, other, mood);
    if (cost >= bestCost || around.rivals.areNearer(RIVALS_MAX + 1, other, distance, index)) continue;
    best = boat;
    bestCost = cost;
  }
  return best;
}

/** Where to point the gun, leading the enemy, and whether to pull the trigger. */
export function shotAt(
  world: World,
  index: number,
  self: Boat,
  enemy: Boat,
  terrain: Terrain,
): { aim: number; fire: boolean } {
  // The ball takes the own velocity along, so only the difference of the two matters.
  const driftX = enemy.vx - self.vx;
  const driftY = enemy.vy - self.vy;
  let dx = enemy.x - self.x;
  let dy = enemy.y - self.y;
  for (let round = 0; round < 2; round++) {
    const flight = lengthOf(dx, dy) / MUZZLE_SPEED_UNITS_PER_TICK;
    dx = Math.round(enemy.x + driftX * flight - self.x);
    dy = Math.round(enemy.y + driftY * flight - self.y);
  }
  const window = Math.floor((world.tick + index * 11) / AIM_ERROR_TICKS);
  const error = noiseBelow(2 * AIM_ERROR + 1, index, window, world.seed) - AIM_ERROR;
  const chance = noiseBelow(100, index, Math.floor((world.tick + index * 7) / RELOAD_TICKS), 1);
  const fire = chance < TRIGGER_PERCENT && lengthOf(dx, dy) < RANGE && isLineFree(self, dx, dy, terrain);
  return { aim: aimOf(directionOf(dx, dy) + error), fire };
}

function isLineFree(self: Boat, dx: number, dy: number, terrain: Terrain): boolean {
  for (let probe = 1; probe <= LINE_PROBES; probe++) {
    const x = self.x + Math.round((dx * probe) / (LINE_PROBES + 1));
    const y = self.y + Math.round((dy * probe) / (LINE_PROBES + 1));
    if (!isOpenWater(terrain, x, y, 0)) return false;
  }
  return true;
}
