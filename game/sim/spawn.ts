// Boats come and go: launching, sinking, coming back.

import { neutralControls } from "./boat-motion.ts";
import { HULL_FULL, PROTECTED_TICKS, RESPAWN_TICKS, UNITS_PER_PX } from "./constants.ts";
import { aimOf, directionOf, lengthOf } from "./integer-maths.ts";
import { spillPearls } from "./pearls.ts";
import { randomBetween } from "./random.ts";
import { updateScore } from "./score.ts";
import { isOpenWater, terrainOf } from "./terrain.ts";
import { watersOf } from "./waters.ts";
import type { Boat, BoatState, GameEvent, World } from "./world.ts";

/** Places that are compared for a spawn; the one farthest from every other boat wins. */
const SPAWN_CANDIDATES = 12;
/** Open water around a spawned boat, units. */
const SPAWN_CLEARANCE = 90 * UNITS_PER_PX;
const SPAWN_BORDER_PX = 100;
/** Random places that are tried for each candidate; islands cover so little that this is never used up. */
const SPAWN_TRIES = 200;

/** Launches a boat at a safe place, protected. The seat must be free. */
export function addBoat(world: World, index: number, options: { bot: boolean }): void {
  const boat: Boat = {
    x: 0,
    y: 0,
    vx: 0,
    vy: 0,
    heading: 0,
    turnRate: 0,
    aim: 0,
    hull: HULL_FULL,
    reload: 0,
    pearls: 0,
    score: 0,
    sinkings: 0,
    losses: 0,
    respawnIn: 0,
    protectedFor: 0,
    bot: options.bot,
    controls: { ...neutralControls },
    inputsApplied: 0,
  };
  placeAfloat(world, boat);
  world.boats[index] = boat;
  boat.controls.aim = boat.aim;
}

/** Takes a boat out; its pearls float on, its balls vanish. No effect on a free seat. */
export function removeBoat(world: World, index: number): void {
  const boat = world.boats[index];
  if (!boat) return;
  world.boats[index] = null;
  // Whoever has the seat next must have no part in what this boat did or where it was.
  world.balls = world.balls.filter((ball) => ball.boat !== index);
  for (const row of world.history) row[index] = null;
  spillPearls(world, boat, boat.pearls, []);
}

/** Puts a boat, new or sunk, at a safe place with a whole hull, pointing to the middle of the waters. */
export function placeAfloat(world: World, boat: BoatState): void {
  const { width, height } = watersOf(world.waters);
  const place = safePlace(world, boat);
  boat.x = place.x;
  boat.y = place.y;
  boat.vx = 0;
  boat.vy = 0;
  boat.turnRate = 0;
  boat.heading = directionOf(width / 2 - place.x, height / 2 - place.y);
  boat.aim = aimOf(boat.heading);
  boat.hull = HULL_FULL;
  boat.reload = 0;
  boat.respawnIn = 0;
  boat.protectedFor = PROTECTED_TICKS;
}

/** Sinks a boat: half of its pearls spill, `by` has the points unless it is the boat itself. */
export function sink(world: World, index: number, by: number, events: GameEvent[]): void {
  const boat = world.boats[index]!;
  boat.hull = 0;
  boat.vx = 0;
  boat.vy = 0;
  boat.turnRate = 0;
  boat.losses += 1;
  boat.respawnIn = RESPAWN_TICKS;
  boat.protectedFor = 0;
  events.push({ type: "sunk", boat: index, by });
  const victor = by === index ? null : world.boats[by];
  if (victor) {
    victor.sinkings += 1;
    updateScore(victor);
  }
  const lost = Math.ceil(boat.pearls / 2);
  boat.pearls -= lost;
  updateScore(boat);
  spillPearls(world, boat, lost, events);
}

function safePlace(world: World, spawning: BoatState): { x: number; y: number } {
  let best: { x: number; y: number } | undefined;
  let bestDistance = -1;
  for (let candidate = 0; candidate < SPAWN_CANDIDATES; candidate++) {
    const place = clearPlace(world);
    const distance = distanceToOthers(world, spawning, place);
    if (distance > bestDistance) {
      best = place;
      bestDistance = distance;
    }
  }
  return best!;
}

function distanceToOthers(world: World, spawning: BoatState, place: { x: number; y: number }): number {
  const { width, height } = watersOf(world.waters);
  let nearest = width + height;
  for (const other of world.boats) {
    if (!other || other === spawning || other.hull === 0) continue;
    // Most are farther than the nearest along one axis already.
    if (Math.abs(other.x - place.x) >= nearest || Math.abs(other.y - place.y) >= nearest) continue;
    nearest = Math.min(nearest, lengthOf(other.x - place.x, other.y - place.y));
  }
  return nearest;
}

function clearPlace(world: World): { x: number; y: number } {
  const terrain = terrainOf(world.seed, world.waters);
  const { width, height, widthPx, heightPx } = terrain.waters;
  let place = { x: width / 2, y: height / 2 };
  for (let tries = 0; tries < SPAWN_TRIES; tries++) {
    place = {
      x: randomBetween(world, SPAWN_BORDER_PX, widthPx - SPAWN_BORDER_PX) * UNITS_PER_PX,
      y: randomBetween(world, SPAWN_BORDER_PX, heightPx - SPAWN_BORDER_PX) * UNITS_PER_PX,
    };
    if (isOpenWater(terrain, place.x, place.y, SPAWN_CLEARANCE)) break;
  }
  return place;
}
