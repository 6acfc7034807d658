import { describe, expect, it } from "vitest";
import { currentAt } from "./current.ts";
import { lengthOf } from "./integer-maths.ts";
import { isOpenWater, terrainOf } from "./terrain.ts";
import { BASIN } from "./waters.ts";

const SEEDS = Array.from({ length: 40 }, (_, index) => index * 7919);

describe("a basin", () => {
  it("is the same for the same seed, and another for another", () => {
    const first = structuredClone(terrainOf(7));
    for (let other = 1000; other < 1100; other++) terrainOf(other);
    expect(terrainOf(7)).toEqual(first);
    expect(terrainOf(8).islands).not.toEqual(first.islands);
  });

  it("has islands, apart from each other and from the wall by more than two boats side by side", () => {
    const channel = 100 * 64;
    for (const seed of SEEDS) {
      const { islands } = terrainOf(seed);
      expect(islands.length).toBeGreaterThanOrEqual(6);
      for (const [index, island] of islands.entries()) {
        expect(island.x - island.reach).toBeGreaterThan(channel);
        expect(island.y - island.reach).toBeGreaterThan(channel);
        expect(island.x + island.reach).toBeLessThan(BASIN.width - channel);
        expect(island.y + island.reach).toBeLessThan(BASIN.height - channel);
        for (const other of islands.slice(index + 1)) {
          expect(lengthOf(island.x - other.x, island.y - other.y)).toBeGreaterThan(
            island.reach + other.reach + channel,
          );
        }
      }
    }
  });

  it("keeps each island's circles together and within its reach", () => {
    for (const seed of SEEDS) {
      for (const island of terrainOf(seed).islands) {
        const [core, ...lobes] = island.circles;
        expect(core).toEqual({ x: island.x, y: island.y, radius: core!.radius });
        for (const lobe of lobes) {
          const distance = lengthOf(lobe.x - island.x, lobe.y - island.y);
          expect(distance).toBeLessThan(core!.radius + lobe.radius);
          expect(distance + lobe.radius).toBeLessThanOrEqual(island.reach);
        }
      }
    }
  });

  it("knows water from land and from what lies behind the wall", () => {
    const terrain = terrainOf(7);
    const { x, y, radius } = terrain.islands[0]!.circles[0]!;
    expect(isOpenWater(terrain, x, y, 0)).toBe(false);
    expect(isOpenWater(terrain, x + radius - 1, y, 0)).toBe(false);
    expect(isOpenWater(terrain, 100, 100, 200)).toBe(false);
    expect(isOpenWater(terrain, 300, 300, 200)).toBe(true);
  });
});

describe("the current", () => {
  it("is gentle, smooth, made of whole numbers, and does not flow through the walls", () => {
    for (const seed of SEEDS) {
      const terrain = terrainOf(seed);
      let strongest = 0;
      let steepest = 0;
      let throughWalls = 0;
      for (let x = 0; x <= BASIN.width; x += 6400) {
        for (let y = 0; y <= BASIN.height; y += 6400) {
          const here = currentAt(terrain, x, y);
          const near = currentAt(terrain, x + 640, y + 640);
          if (!Number.isInteger(here.x + here.y)) throw new Error(`a current of ${here.x}, ${here.y}`);
          strongest = Math.max(strongest, Math.abs(here.x), Math.abs(here.y));
          steepest = Math.max(steepest, Math.abs(here.x - near.x), Math.abs(here.y - near.y));
          if (x === 0 || x === BASIN.width) throughWalls += Math.abs(here.x);
          if (y === 0 || y === BASIN.height) throughWalls += Math.abs(here.y);
        }
      }
      expect(strongest).toBeGreaterThan(5);
      expect(strongest).toBeLessThanOrEqual(20);
      expect(steepest).toBeLessThanOrEqual(2);
      expect(throughWalls).toBe(0);
    }
  });
});
