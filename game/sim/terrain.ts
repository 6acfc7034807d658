// The basin of a seed: where islands lie and how the water runs. Pure: the same seed gives the same basin everywhere.

import { UNITS_PER_PX, WORLD_HEIGHT_PX, WORLD_WIDTH_PX } from "./constants.ts";
import { cosine, lengthOf, sine, unscale } from "./integer-maths.ts";
import { type RandomState, randomBelow, randomBetween } from "./random.ts";

export const WORLD_WIDTH = WORLD_WIDTH_PX * UNITS_PER_PX;
export const WORLD_HEIGHT = WORLD_HEIGHT_PX * UNITS_PER_PX;

/** A round piece of land; units. */
export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Overlapping circles that are drawn as one shore. The first is the largest and lies at the island's middle. */
export interface Island {
  readonly x: number;
  readonly y: number;
  /** No land of this island is farther from (x, y) than this, units. */
  readonly reach: number;
  readonly circles: readonly Circle[];
}

/** One of the basin's slow whirls, as half waves over its width and height. */
export interface Swirl {
  readonly wavesX: number;
  readonly wavesY: number;
  /** Speed, units a tick; the sign is the sense of turning. */
  readonly strength: number;
}

export interface Terrain {
  readonly seed: number;
  readonly islands: readonly Island[];
  readonly swirls: readonly Swirl[];
}

const ISLANDS_MIN = 8;
const ISLANDS_MAX = 11;
/** Tries to place one more island before the basin counts as full. */
const PLACING_TRIES = 240;
const CORE_MIN_PX = 48;
const CORE_MAX_PX = 104;
/** Open water that is kept between islands, and between islands and the wall, pixels. */
const CHANNEL_PX = 150;
const TERRAINS_KEPT_MAX = 64;

const kept = new Map<number, Terrain>();

/** The basin of a seed (unsigned 32 bits). Remembered for the latest TERRAINS_KEPT_MAX seeds, because making one takes a while. */
export function terrainOf(seed: number): Terrain {
  const known = kept.get(seed);
  if (known) return known;
  const terrain = makeTerrain(seed);
  if (kept.size >= TERRAINS_KEPT_MAX) kept.delete(kept.keys().next().value!);
  kept.set(seed, terrain);
  return terrain;
}

function makeTerrain(seed: number): Terrain {
  const random: RandomState = { random: (seed ^ 0x1d1e6a7e) >>> 0 };
  const wanted = randomBetween(random, ISLANDS_MIN, ISLANDS_MAX);
  const islands: Island[] = [];
  for (let tries = 0; tries < PLACING_TRIES && islands.length < wanted; tries++) {
    const island = makeIsland(random);
    if (fits(island, islands)) islands.push(island);
  }
  const sense = randomBelow(random, 2) === 0 ? 1 : -1;
  return {
    seed,
    islands,
    swirls: [
      { wavesX: 1, wavesY: 1, strength: sense * randomBetween(random, 6, 9) },
      {
        wavesX: randomBetween(random, 2, 3),
        wavesY: randomBetween(random, 1, 2),
        strength: -sense * randomBetween(random, 4, 7),
      },
    ],
  };
}

function makeIsland(random: RandomState): Island {
  const core = randomBetween(random, CORE_MIN_PX, CORE_MAX_PX) * UNITS_PER_PX;
  const x = randomBetween(random, 0, WORLD_WIDTH);
  const y = randomBetween(random, 0, WORLD_HEIGHT);
  const circles: Circle[] = [{ x, y, radius: core }];
  const lobes = randomBetween(random, 3, 6);
  // Lobes lean to one side, so that an island is longer than it is wide.
  const axis = randomBelow(random, 4096);
  let reach = core;
  for (let lobe = 0; lobe < lobes; lobe++) {
    const direction = axis + (lobe % 2) * 2048 + randomBetween(random, -620, 620);
    const distance = Math.floor((core * randomBetween(random, 60, 125)) / 100);
    const radius = Math.floor((core * randomBetween(random, 38, 72)) / 100);
    circles.push({
      x: x + unscale(distance * cosine(direction)),
      y: y + unscale(distance * sine(direction)),
      radius,
    });
    reach = Math.max(reach, distance + radius + 1);
  }
  return { x, y, reach, circles };
}

function fits(island: Island, others: readonly Island[]): boolean {
  const margin = CHANNEL_PX * UNITS_PER_PX;
  const border = island.reach + margin;
  if (island.x < border || island.x > WORLD_WIDTH - border) return false;
  if (island.y < border || island.y > WORLD_HEIGHT - border) return false;
  return others.every(
    (other) => lengthOf(island.x - other.x, island.y - other.y) > island.reach + other.reach + margin,
  );
}

/** Whether a disc of that radius (units) lies in the basin and touches no land. */
export function isOpenWater(terrain: Terrain, x: number, y: number, radius: number): boolean {
  if (x < radius || y < radius || x > WORLD_WIDTH - radius || y > WORLD_HEIGHT - radius) return false;
  for (const island of terrain.islands) {
    if (!isNear(island.x, island.y, x, y, island.reach + radius)) continue;
    for (const circle of island.circles) {
      if (isNear(circle.x, circle.y, x, y, circle.radius + radius)) return false;
    }
  }
  return true;
}

function isNear(ax: number, ay: number, bx: number, by: number, distance: number): boolean {
  const dx = ax - bx;
  const dy = ay - by;
  return dx * dx + dy * dy < distance * distance;
}
