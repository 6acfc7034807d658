import { describe, expect, it } from "vitest";
import { addBoat, botControls, createWorld, hashWorld, neutralControls, step, type World } from "./index.ts";
import { boatAt, worldWith } from "./test-worlds.ts";

function sailors(seed: number, boats: number): World {
  const world = createWorld(seed);
  for (let index = 0; index < boats; index++) addBoat(world, index, { bot: true });
  return world;
}

describe("bots", () => {
  it("decide without changing the world", () => {
    const world = sailors(31, 6);
    const before = hashWorld(world);
    world.boats.forEach((_, index) => {
      botControls(world, index);
    });
    expect(hashWorld(world)).toBe(before);
  });

  it("do nothing on a free seat or under water", () => {
    const world = worldWith([[1000, 200]]);
    boatAt(world, 0).hull = 0;
    expect(botControls(world, 0)).toEqual(neutralControls);
    expect(botControls(world, 5)).toEqual(neutralControls);
  });

  it("gather pearls, fight, and hardly ever run aground", () => {
    const counts: Record<string, number> = {};
    let slowTicks = 0;
    let afloatTicks = 0;
    for (const seed of [32, 33, 34]) {
      const world = sailors(seed, 6);
      for (let tick = 0; tick < 1800; tick++) {
        const controls = world.boats.map((_, index) => botControls(world, index));
        for (const { type } of step(world, controls)) counts[type] = (counts[type] ?? 0) + 1;
        if (tick < 60) continue;
        for (const boat of world.boats) {
          if (!boat || boat.hull === 0 || boat.protectedFor > 0) continue;
          afloatTicks += 1;
          if (Math.abs(boat.vx) + Math.abs(boat.vy) < 60) slowTicks += 1;
        }
      }
    }
    expect(counts["pearl-taken"]).toBeGreaterThan(60);
    expect(counts.hit).toBeGreaterThan(20);
    expect(counts.sunk).toBeGreaterThan(3);
    expect(slowTicks / afloatTicks).toBeLessThan(0.06);
  });

  it("do not shoot at protected boats", () => {
    const world = worldWith([
      [1000, 200],
      [1200, 200],
    ]);
    let shots = 0;
    for (let tick = 0; tick < 200; tick++) {
      boatAt(world, 1).protectedFor = 50;
      shots += step(world, [botControls(world, 0)]).filter(({ type }) => type === "shot").length;
    }
    expect(shots).toBe(0);
  });

  it("do not all hunt the same boat: of many around it, only a few fire", () => {
    const world = worldWith([[1000, 200]]);
    for (let index = 1; index <= 12; index++) {
      addBoat(world, index, { bot: true });
      Object.assign(boatAt(world, index), { x: (750 + index * 40) * 64, y: 330 * 64, protectedFor: 10_000 });
    }
    const shooters = new Set<number>();
    for (let tick = 0; tick < 90; tick++) {
      for (let index = 1; index <= 12; index++) {
        if (botControls(world, index).fire) shooters.add(index);
      }
      world.tick += 1;
    }
    expect(shooters.size).toBeGreaterThan(0);
    expect(shooters.size).toBeLessThanOrEqual(2);
  });
});
