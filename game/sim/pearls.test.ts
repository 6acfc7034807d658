import { describe, expect, it } from "vitest";
import { createWorld, isOpenWater, MAX_PEARLS, PEARLS_AFLOAT, removeBoat, step, terrainOf } from "./index.ts";
import { boatAt, worldWith } from "./test-worlds.ts";

describe("pearls", () => {
  it("are taken by the boat that touches them, one point each", () => {
    const world = worldWith([[1000, 200]]);
    const { x, y } = boatAt(world, 0);
    world.pearls = [
      { id: 1, x: x + 1000, y },
      { id: 2, x: x + 20_000, y },
      { id: 3, x, y },
    ];
    const events = step(world, []).filter(({ type }) => type === "pearl-taken");
    expect(events).toEqual([
      { type: "pearl-taken", pearl: 1, boat: 0 },
      { type: "pearl-taken", pearl: 3, boat: 0 },
    ]);
    expect(world.pearls.map(({ id }) => id)).toEqual([2]);
    expect(boatAt(world, 0)).toMatchObject({ pearls: 2, score: 2 });
  });

  it("drift in one by one until enough are afloat, always in open water", () => {
    const world = createWorld(3);
    world.pearls = [];
    for (let tick = 0; tick < 12; tick++) step(world, []);
    expect(world.pearls.length).toBe(1);
    for (let tick = 0; tick < 600; tick++) step(world, []);
    expect(world.pearls.length).toBe(PEARLS_AFLOAT);
    expect(world.pearls.every(({ x, y }) => isOpenWater(terrainOf(3), x, y, 640))).toBe(true);
    expect(new Set(world.pearls.map(({ id }) => id)).size).toBe(PEARLS_AFLOAT);
  });

  it("spill around a boat that leaves", () => {
    const world = worldWith([[1000, 200]]);
    const { x, y } = boatAt(world, 0);
    boatAt(world, 0).pearls = 9;
    removeBoat(world, 0);
    expect(world.pearls.length).toBe(9);
    for (const pearl of world.pearls) expect(Math.hypot(pearl.x - x, pearl.y - y)).toBeLessThan(100 * 64);
  });

  it("are never more than the limit: the oldest go", () => {
    const world = createWorld(3);
    const oldest = world.pearls[0]!.id;
    worldWith([[1000, 200]]).boats.forEach((boat, index) => {
      world.boats[index] = boat;
    });
    boatAt(world, 0).pearls = 500;
    removeBoat(world, 0);
    expect(world.pearls.length).toBe(MAX_PEARLS);
    expect(world.pearls.some(({ id }) => id === oldest)).toBe(false);
  });
});
