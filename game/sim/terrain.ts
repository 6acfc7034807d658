// The waters of a seed: where islands lie and how the water runs. Pure: the same seed and kind give the same waters everywhere.

import { UNITS_PER_PX } from "./constants.ts";
import { cosine, lengthOf, sine, unscale } from "./integer-maths.ts";
import { type RandomState, randomBelow, randomBetween } from "./random.ts";
import { type Waters, type WatersKind, watersOf } from "./waters.ts";

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

/** One of the waters' slow whirls, as half waves over its width and height. */
export interface Swirl {
  readonly wavesX: number;
  readonly wavesY: number;
  /** Speed, units a tick; the sign is the sense of turning. */
  readonly strength: number;
}

export interface Terrain {
  readonly seed: number;
  readonly waters: Waters;
  readonly islands: readonly Island[];
  readonly swirls: readonly Swirl[];
}

const CORE_MIN_PX = 48;
const CORE_MAX_PX = 104;
/** Open water that is kept between islands, and between islands and the wall, pixels. */
const CHANNEL_PX = 150;
const TERRAINS_KEPT_MAX = 64;

const kept: Record<WatersKind, Map<number, Terrain>> = { basin: new Map(), arena: new Map() };

/** The waters of a seed (unsigned 32 bits). Remembered for the latest TERRAINS_KEPT_MAX seeds of a kind, because making them takes a while. */
export function terrainOf(seed: number, kind: WatersKind = "basin"): Terrain {
  const bySeed = kept[kind];
  const known = bySeed.get(seed);
  if (known) return known;
  const terrain = makeTerrain(seed, watersOf(kind));
  if (bySeed.size >= TERRAINS_KEPT_MAX) bySeed.delete(bySeed.keys().next().value!);
  bySeed.set(seed, terrain);
  return terrain;
}

function makeTerrain(seed: number, waters: Waters): Terrain {
  const random: RandomState = { random: (seed ^ 0x1d1e6a7e) >>> 0 };
  const wanted = randomBetween(random, waters.islandsMin, waters.islandsMax);
  const islands: Island[] = [];
  for (let tries = 0; tries < waters.placingTries && islands.length < wanted; tries++) {
    const island = makeIsland(random, waters);
    if (fits(island, islands, waters)) islands.push(island);
  }
  const sense = randomBelow(random, 2) === 0 ? 1 : -1;
  return {
    seed,
    waters,
    islands,
    swirls: [
      { wavesX: waters.whirls, wavesY: waters.whirls, strength: sense * randomBetween(random, 6, 9) },
      {
        wavesX: randomBetween(random, 2, 3) * waters.whirls,
        wavesY: randomBetween(random, 1, 2) * waters.whirls,
        strength: -sense * randomBetween(random, 4, 7),
      },
    ],
  };
}

function makeIsland(random: RandomState, waters: Waters): Island {
  const core = randomBetween(random, CORE_MIN_PX, CORE_MAX_PX) * UNITS_PER_PX;
  const x = randomBetween(random, 0, waters.width);
  const y = randomBetween(random, 0, waters.height);
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

function fits(island: Island, others: readonly Island[], waters: Waters): boolean {
  const margin = CHANNEL_PX * UNITS_PER_PX;
  const border = island.reach + margin;
  if (island.x < border || island.x > waters.width - border) return false;
  if (island.y < border || island.y > waters.height - border) return false;
  return others.every(
    (other) => lengthOf(island.x - other.x, island.y - other.y) > island.reach + other.reach + margin,
  );
}

/** Whether a disc of that radius (units) lies in the waters and touches no land. */
export function isOpenWater(terrain: Terrain, x: number, y: number, radius: number): boolean {
  const { width, height } = terrain.waters;
  if (x < radius || y < radius || x > width - radius || y > height - radius) return false;
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
