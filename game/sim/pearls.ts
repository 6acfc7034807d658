// Pearls: drifting in, spilling, being taken.

import { BOAT_RADIUS } from "./boat-motion.ts";
import { PEARL_RADIUS_PX, UNITS_PER_PX } from "./constants.ts";
import { clamp, cosine, sine, unscale } from "./integer-maths.ts";
import type { PlaceGrid } from "./place-grid.ts";
import { randomBelow, randomBetween } from "./random.ts";
import { updateScore } from "./score.ts";
import { isOpenWater, terrainOf } from "./terrain.ts";
import { watersOf } from "./waters.ts";
import type { BoatState, GameEvent, World } from "./world.ts";

const PEARL_RADIUS = PEARL_RADIUS_PX * UNITS_PER_PX;
const REACH = BOAT_RADIUS + PEARL_RADIUS;
/** While there are too few, some drift in this often, ticks. */
const PEARL_INTERVAL_TICKS = 12;
const PEARL_BORDER_PX = 40;
/** How far spilled pearls fly, pixels. */
const SPILL_MIN_PX = 30;
const SPILL_MAX_PX = 95;
/** Places that are tried for one pearl; when all are land, it is left out. */
const PEARL_TRIES = 8;

/** As many pearls as a round begins with. */
export function refillPearls(world: World, events: GameEvent[]): void {
  const { pearlsAfloat } = watersOf(world.waters);
  for (let missing = pearlsAfloat - world.pearls.length; missing > 0; missing--) spawnPearl(world, events);
}

/** Adds a pearl somewhere in open water. */
function spawnPearl(world: World, events: GameEvent[]): void {
  const { widthPx, heightPx } = watersOf(world.waters);
  for (let tries = 0; tries < PEARL_TRIES; tries++) {
    const x = randomBetween(world, PEARL_BORDER_PX, widthPx - PEARL_BORDER_PX) * UNITS_PER_PX;
    const y = randomBetween(world, PEARL_BORDER_PX, heightPx - PEARL_BORDER_PX) * UNITS_PER_PX;
    if (addPearl(world, x, y, events)) return;
  }
}

/** Scatters `count` pearls around a boat. */
export function spillPearls(world: World, boat: BoatState, count: number, events: GameEvent[]): void {
  const { width, height, pearlsMax } = watersOf(world.waters);
  const first = randomBelow(world, 4096);
  for (let pearl = 0; pearl < Math.min(count, pearlsMax); pearl++) {
    for (let tries = 0; tries < PEARL_TRIES; tries++) {
      // The golden angle spreads any number of pearls evenly.
      const direction = first + pearl * 1565 + tries * 512;
      const distance = randomBetween(world, SPILL_MIN_PX, SPILL_MAX_PX) * UNITS_PER_PX;
      const x = clamp(boat.x + unscale(distance * cosine(direction)), 0, width);
      const y = clamp(boat.y + unscale(distance * sine(direction)), 0, height);
      if (addPearl(world, x, y, events)) break;
    }
  }
}

/** Boats take what they touch; new pearls drift in. `boats` holds where they are. */
export function stepPearls(world: World, boats: PlaceGrid, events: GameEvent[]): void {
  for (let at = 0; at < world.pearls.length; at++) {
    const pearl = world.pearls[at]!;
    const taker = boatAt(world, boats, pearl.x, pearl.y);
    if (taker === -1) continue;
    const boat = world.boats[taker]!;
    boat.pearls += 1;
    updateScore(boat);
    world.pearls.splice(at, 1);
    at -= 1;
    events.push({ type: "pearl-taken", pearl: pearl.id, boat: taker });
  }
  if (world.tick % PEARL_INTERVAL_TICKS !== 0) return;
  const { pearlsAtOnce, pearlsAfloat } = watersOf(world.waters);
  for (let more = pearlsAtOnce; more > 0 && world.pearls.length < pearlsAfloat; more--) spawnPearl(world, events);
}

/** The lowest index of the boats that reach that place, or -1. */
export function boatAt(world: World, boats: PlaceGrid, x: number, y: number): number {
  for (const index of boats.near(x, y, REACH)) {
    const boat = world.boats[index];
    if (!boat || boat.hull === 0) continue;
    const dx = boat.x - x;
    if (dx > REACH || dx < -REACH) continue;
    const dy = boat.y - y;
    if (dx * dx + dy * dy < REACH * REACH) return index;
  }
  return -1;
}

function addPearl(world: World, x: number, y: number, events: GameEvent[]): boolean {
  if (!isOpenWater(terrainOf(world.seed, world.waters), x, y, PEARL_RADIUS)) return false;
  if (world.pearls.length >= watersOf(world.waters).pearlsMax) {
    const oldest = world.pearls.shift()!;
    events.push({ type: "pearl-gone", pearl: oldest.id });
  }
  const id = world.nextPearlId++;
  world.pearls.push({ id, x, y });
  events.push({ type: "pearl-spawn", pearl: id, x, y });
  return true;
}
