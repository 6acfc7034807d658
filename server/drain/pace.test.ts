import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MOVES_PER_SECOND_MAX, MOVES_PER_SECOND_MIN, moveIntervalMs } from "./pace.ts";

describe("the pace of moves", () => {
  it("spreads players over the time that is left", () => {
    expect(moveIntervalMs(100, 5000)).toBe(50);
  });

  it("does not dawdle with a few, and has a limit with many", () => {
    expect(moveIntervalMs(1, 60_000)).toBe(1000 / MOVES_PER_SECOND_MIN);
    expect(moveIntervalMs(0, 60_000)).toBe(1000 / MOVES_PER_SECOND_MIN);
    expect(moveIntervalMs(10_000, 1)).toBe(1000 / MOVES_PER_SECOND_MAX);
    expect(moveIntervalMs(5, 0)).toBe(1000 / MOVES_PER_SECOND_MAX);
  });

  it("gets everybody asked in time, whenever the limit allows that at all", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 60_000 }), (players, windowMs) => {
        fc.pre((players * 1000) / MOVES_PER_SECOND_MAX <= windowMs);
        let atMs = 0;
        for (let left = players; left > 1; left--) atMs += moveIntervalMs(left, windowMs - atMs);
        expect(atMs).toBeLessThanOrEqual(windowMs + 1e-6);
      }),
    );
  });
});
