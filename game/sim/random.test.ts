import { describe, expect, it } from "vitest";
import { nextRandom, noiseBelow, randomBelow, randomBetween } from "./random.ts";

describe("a world's randomness", () => {
  it("is the same again from the same state", () => {
    const one = { random: 99 };
    const two = { random: 99 };
    expect(Array.from({ length: 20 }, () => nextRandom(one))).toEqual(
      Array.from({ length: 20 }, () => nextRandom(two)),
    );
    expect(one.random).toBe(two.random);
  });

  it("reaches every number of its range about equally often", () => {
    const state = { random: 1 };
    const counts = new Array(10).fill(0);
    for (let draw = 0; draw < 10_000; draw++) counts[randomBelow(state, 10)] += 1;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });

  it("includes both ends of a range", () => {
    const state = { random: 1 };
    const seen = new Set(Array.from({ length: 200 }, () => randomBetween(state, -1, 1)));
    expect([...seen].sort()).toEqual([-1, 0, 1]);
  });

  it("has noise that depends on each of its arguments and on nothing else", () => {
    expect(noiseBelow(1000, 1, 2, 3)).toBe(noiseBelow(1000, 1, 2, 3));
    const different = new Set([
      noiseBelow(2 ** 30, 1, 2, 3),
      noiseBelow(2 ** 30, 2, 2, 3),
      noiseBelow(2 ** 30, 1, 3, 3),
      noiseBelow(2 ** 30, 1, 2, 4),
      noiseBelow(2 ** 30, 2, 1, 3),
    ]);
    expect(different.size).toBe(5);
  });
});
