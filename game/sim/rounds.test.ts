import { describe, expect, it } from "vitest";
import { createWorld, PEARLS_AFLOAT, PODIUM_TICKS, ROUND_TICKS, step } from "./index.ts";
import { ahead, boatAt, firing, stepUntil, worldWith } from "./test-worlds.ts";

describe("a round", () => {
  it("begins with pearls afloat and lasts its time", () => {
    const world = createWorld(3);
    expect(world.pearls.length).toBe(PEARLS_AFLOAT);
    stepUntil(world, "round-end", [], ROUND_TICKS + 1);
    expect(world).toMatchObject({ tick: ROUND_TICKS, phase: "podium", phaseEndsAtTick: ROUND_TICKS + PODIUM_TICKS });
  });

  it("ends in a podium where boats sail, but guns are silent, balls are gone and pearls stay", () => {
    const world = worldWith([[1000, 200]]);
    world.phaseEndsAtTick = 3;
    step(world, [firing]);
    expect(world.balls.length).toBe(1);
    stepUntil(world, "round-end", [firing]);
    expect(world.balls).toEqual([]);
    world.pearls = [{ id: 99, x: boatAt(world, 0).x, y: boatAt(world, 0).y }];
    for (let tick = 0; tick < 60; tick++) expect(step(world, [{ ...ahead, fire: true }])).toEqual([]);
    expect(boatAt(world, 0).vx).toBeGreaterThan(300);
    expect(world.pearls.length).toBe(1);
  });

  it("is followed by the next one: same basin, scores at nothing, everybody afloat and protected", () => {
    const world = worldWith([
      [1000, 200],
      [1200, 200],
    ]);
    Object.assign(boatAt(world, 0), { score: 8, pearls: 3, sinkings: 1, losses: 2 });
    Object.assign(boatAt(world, 1), { hull: 0, respawnIn: 1000 });
    Object.assign(world, { phase: "podium", phaseEndsAtTick: 5 });
    const seed = world.seed;
    expect(stepUntil(world, "round-start")).toEqual({ type: "round-start", round: 2 });
    expect(world).toMatchObject({ phase: "playing", round: 2, seed, phaseEndsAtTick: 5 + ROUND_TICKS });
    for (const index of [0, 1]) {
      expect(boatAt(world, index)).toMatchObject({
        score: 0,
        pearls: 0,
        sinkings: 0,
        losses: 0,
        hull: 100,
        respawnIn: 0,
      });
      expect(boatAt(world, index).protectedFor).toBeGreaterThan(0);
    }
    expect(world.pearls.length).toBe(PEARLS_AFLOAT);
  });
});
