import { describe, expect, it } from "vitest";
import { BOAT_RADIUS, HULL_FULL, step } from "./index.ts";
import { lengthOf } from "./integer-maths.ts";
import { boatAt, stepUntil, worldWith } from "./test-worlds.ts";

describe("two boats that meet", () => {
  it("are pushed apart, bounce, and both suffer from a hard ram", () => {
    const world = worldWith([
      [1000, 200],
      [1060, 200],
    ]);
    boatAt(world, 0).vx = 480;
    boatAt(world, 1).vx = -300;
    const bounce = stepUntil(world, "bounce", [], 10);
    expect(bounce.strength).toBeGreaterThan(500);
    const [a, b] = [boatAt(world, 0), boatAt(world, 1)];
    expect(lengthOf(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(2 * BOAT_RADIUS - 2);
    expect(a.vx).toBeLessThan(b.vx);
    expect(a.hull).toBeLessThan(HULL_FULL);
    expect(a.hull).toBe(b.hull);
    expect(a.hull).toBeGreaterThan(HULL_FULL - 20);
  });

  it("do not suffer from a touch, nor while one is protected", () => {
    for (const [speed, protectedFor] of [
      [200, 0],
      [480, 60],
    ] as const) {
      const world = worldWith([
        [1000, 200],
        [1060, 200],
      ]);
      boatAt(world, 0).vx = speed;
      boatAt(world, 1).protectedFor = protectedFor;
      for (let tick = 0; tick < 20; tick++) step(world, []);
      expect(boatAt(world, 0).hull).toBe(HULL_FULL);
      expect(boatAt(world, 1).vx).not.toBe(0);
    }
  });

  it("part even from the very same place", () => {
    const world = worldWith([
      [1000, 200],
      [1000, 200],
    ]);
    step(world, []);
    expect(lengthOf(boatAt(world, 0).x - boatAt(world, 1).x, 0)).toBeGreaterThanOrEqual(2 * BOAT_RADIUS - 2);
  });

  it("credit the other with a sinking by ram", () => {
    const world = worldWith([
      [1000, 200],
      [1060, 200],
    ]);
    Object.assign(boatAt(world, 0), { vx: 500 });
    Object.assign(boatAt(world, 1), { vx: -400, hull: 1 });
    expect(stepUntil(world, "sunk", [], 10)).toEqual({ type: "sunk", boat: 1, by: 0 });
    expect(boatAt(world, 0).sinkings).toBe(1);
  });
});
