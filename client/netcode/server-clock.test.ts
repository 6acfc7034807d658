import { expect, test } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import { ServerClock } from "./server-clock.ts";
import { seededRandom } from "./testing/virtual-time.ts";

function listen(clock: ServerClock, fromTick: number, ticks: number, lateMs: (tick: number) => number): number {
  for (let tick = fromTick; tick < fromTick + ticks; tick++) clock.observe(tick, 5_000 + tick * TICK_MS + lateMs(tick));
  return fromTick + ticks;
}

test("with even arrivals it knows the tick exactly", () => {
  const clock = new ServerClock();
  listen(clock, 0, 10, () => 0);
  expect(clock.tickAt(5_000 + 20 * TICK_MS)).toBeCloseTo(20);
});

test("it follows the quick arrivals, not the mean of all", () => {
  const clock = new ServerClock();
  const random = seededRandom(4);
  const next = listen(clock, 0, 300, () => random() * 60);
  const behindMs = (next - clock.tickAt(5_000 + next * TICK_MS)) * TICK_MS;
  expect(behindMs).toBeGreaterThanOrEqual(-1);
  expect(behindMs).toBeLessThan(15);
});

test("a burst after a stall moves nothing", () => {
  const clock = new ServerClock();
  listen(clock, 0, 100, () => 0);
  const stallEndsMs = 5_000 + 160 * TICK_MS;
  for (let tick = 100; tick < 160; tick++) clock.observe(tick, stallEndsMs);
  listen(clock, 160, 5, () => 0);
  expect(clock.tickAt(5_000 + 165 * TICK_MS)).toBeCloseTo(165, 0);
});

test("a room that stood still for a while is believed after some hundred milliseconds", () => {
  const clock = new ServerClock();
  listen(clock, 0, 100, () => 0);
  listen(clock, 100, 15, () => 2_000);
  expect(clock.tickAt(5_000 + 115 * TICK_MS + 2_000)).toBeCloseTo(115, 0);
});

test("much earlier arrivals are believed at once", () => {
  const clock = new ServerClock();
  listen(clock, 0, 1, () => 900);
  clock.observe(1, 5_000 + TICK_MS);
  expect(clock.tickAt(5_000 + 2 * TICK_MS)).toBeCloseTo(2);
});

test("between two arrivals it never moves by more than a twentieth of the time that passed", () => {
  const clock = new ServerClock();
  const random = seededRandom(8);
  let last = 0;
  for (let tick = 0; tick < 400; tick++) {
    const nowMs = 5_000 + tick * TICK_MS + (tick > 200 ? 50 : 0) + random() * 20;
    clock.observe(tick, nowMs);
    const origin = nowMs - clock.tickAt(nowMs) * TICK_MS;
    if (tick > 2) expect(Math.abs(origin - last)).toBeLessThanOrEqual((TICK_MS + 70) / 20 + 1e-6);
    last = origin;
  }
});
