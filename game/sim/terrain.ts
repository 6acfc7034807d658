// The waters of a seed: where islands lie and how the water runs. Pure: the same seed and kind give the same waters everywhere.

import { UNITS_PER_PX } from "./constants.ts";
import { clamp, cosine, lengthOf, sine, unscale } from "./integer-maths.ts";
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

/** Islands are looked up by tiles of this size, units … */
const TILE = 512 * UNITS_PER_PX;
/** … in each of which those are listed that are this near, or nearer. */
const SHORE_SIGHT = 160 * UNITS_PER_PX;

const tiles = new WeakMap<Terrain, Island[][]>();

/** The islands that may have land within SHORE_SIGHT of a place, in their order, and some that have not. */
export function islandsNear(terrain: Terrain, x: number, y: number): readonly Island[] {
  let lists = tiles.get(terrain);
  if (!lists) {
    lists = tilesOf(terrain);
    tiles.set(terrain, lists);
  }
  return lists[tileRow(terrain, y) * tileColumns(terrain) + tileColumn(terrain, x)]!;
}

function tilesOf(terrain: Terrain): Island[][] {
  const columns = tileColumns(terrain);
  const rows = Math.ceil(terrain.waters.height / TILE);
  const lists: Island[][] = Array.from({ length: columns * rows }, () => []);
  for (const island of terrain.islands) {
    const reach = island.reach + SHORE_SIGHT;
    for (let row = tileRow(terrain, island.y - reach); row <= tileRow(terrain, island.y + reach); row++) {
      const right = tileColumn(terrain, island.x + reach);
      for (let column = tileColumn(terrain, island.x - reach); column <= right; column++)
        lists[row * columns + column]!.push(island);
    }
  }
  return lists;
}

function tileColumns({ waters }: Terrain): number {
  return Math.ceil(waters.width / TILE);
}

function tileColumn(terrain: Terrain, x: number): number {
  return clamp(Math.floor(x / TILE), 0, tileColumns(terrain) - 1);
}

function tileRow({ waters }: Terrain, y: number): number {
  return clamp(Math.floor(y / TILE), 0, Math.ceil(waters.height / TILE) - 1);
}

/** Whether a disc of that radius (units, at most SHORE_SIGHT) lies in the waters and touches no land. */
export function isOpenWater(terrain: Terrain, x: number, y: number, radius: number): boolean {
  const { width, height } = terrain.waters;
  if (x < radius || y < radius || x > width - radius || y > height - radius) return false;
  for (const island of islandsNear(terrain, x, y)) {
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
