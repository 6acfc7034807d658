import { expect, test } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import { SlewedTime } from "./slewed-time.ts";

const LIMITS = { fasterMax: 0.15, slowerMax: 0.5, jumpTicks: 8 };
const FAR = Number.POSITIVE_INFINITY;

test("it never goes back, however the target moves", () => {
  const time = new SlewedTime(LIMITS);
  let last = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < 500; step++) {
    const target = step / 2 + (step % 50 < 25 ? -20 : 5);
    time.follow(target, FAR, (step * TICK_MS) / 2);
    expect(time.tick).toBeGreaterThanOrEqual(last);
    last = time.tick;
  }
});

test("a small distance is made up for within the allowed change of speed", () => {
  const time = new SlewedTime(LIMITS);
  time.follow(0, FAR, 0);
  for (let tick = 1; tick <= 60; tick++) {
    const before = time.tick;
    time.follow(tick + 4, FAR, tick * TICK_MS);
    expect(time.tick - before).toBeLessThanOrEqual(1.15 + 1e-9);
  }
  expect(time.tick).toBeCloseTo(64, 1);
});

test("far behind, it jumps and says so", () => {
  const time = new SlewedTime(LIMITS);
  time.follow(0, FAR, 0);
  expect(time.follow(100, FAR, TICK_MS)).toBe(true);
  expect(time.tick).toBe(100);
});

test("held up by the last tick that it may reach, it goes on where it should be as soon as it may", () => {
  const time = new SlewedTime(LIMITS);
  time.follow(0, 0, 0);
  for (let tick = 1; tick <= 6; tick++) time.follow(tick, 2, tick * TICK_MS);
  expect(time.tick).toBe(2);
  time.follow(7, 20, 7 * TICK_MS);
  expect(time.tick).toBe(7);
});
