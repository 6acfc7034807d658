import { expect, test } from "vitest";
import { addBoat, createWorld, TICK_MS, TURN, type View, viewOf } from "../../game/sim/index.ts";
import {
  boatAt,
  DELAY_MAX_TICKS,
  DELAY_MIN_TICKS,
  DrawTime,
  EXTRAPOLATE_MAX_TICKS,
  viewsAround,
} from "./interpolation.ts";
import { seededRandom } from "./testing/virtual-time.ts";

/** A view with one boat at `xPx`, sailing right at 64 units a tick. */
function view(tick: number, xPx: number, change: { hull?: number; heading?: number; respawnIn?: number } = {}): View {
  const world = createWorld(1);
  addBoat(world, 0, { bot: true });
  Object.assign(world.boats[0]!, { x: xPx * 64, y: 6_400, vx: 64, vy: 0, heading: 0, turnRate: 0, ...change });
  return { ...viewOf(world), tick };
}

function at(views: View[], tick: number) {
  return boatAt(viewsAround(views, tick)!, 0, tick)!;
}

test("between two views a boat is in between", () => {
  expect(at([view(10, 100), view(11, 101), view(12, 104)], 11.5).pose.xPx).toBe(102.5);
});

test("over a gap in the views it is drawn along the whole way", () => {
  expect(at([view(10, 100), view(14, 104)], 13).pose.xPx).toBe(103);
});

test("the heading turns by the shorter way", () => {
  const { pose } = at([view(10, 0, { heading: 4_086 }), view(11, 0, { heading: 10 })], 10.5);
  expect(Math.cos(pose.heading)).toBeCloseTo(1);
});

test("without newer views it sails on by its velocity, for a moment", () => {
  expect(at([view(10, 100)], 12.5).pose.xPx).toBe(102.5);
  expect(at([view(10, 100)], 500).pose.xPx).toBe(100 + EXTRAPOLATE_MAX_TICKS);
});

test("a boat that is turning is guessed along its arc", () => {
  const turnRate = TURN / 16;
  const quarter = at(
    [view(10, 100)].map((one) => ({ ...one, boats: [{ ...one.boats[0]!, turnRate }] })),
    14,
  ).pose;
  expect(Math.sin(quarter.heading)).toBeCloseTo(1);
  // A quarter of a circle whose arc is four ticks long.
  const radiusPx = 4 / (Math.PI / 2);
  expect(quarter.xPx).toBeCloseTo(100 + radiusPx);
  expect(quarter.yPx).toBeCloseTo(100 + radiusPx);
  expect(quarter.vxPxPerSecond).toBeCloseTo(0);
  expect(quarter.vyPxPerSecond).toBeCloseTo(30);
});

test("a boat that came back elsewhere does not glide there", () => {
  const { pose } = at([view(10, 100, { hull: 0 }), view(11, 900)], 10.9);
  expect(pose.xPx).toBe(100);
});

test("before the first view the first view is drawn", () => {
  expect(at([view(10, 100), view(11, 101)], 3).pose.xPx).toBe(100);
});

test("the delay grows with the unevenness at once, shrinks with it slowly, and stays within its bounds", () => {
  const time = new DrawTime();
  const random = seededRandom(1);
  for (let at = 0; at < 60; at++) time.arrival(0);
  expect(time.delayTicks).toBe(DELAY_MIN_TICKS);
  for (let at = 0; at < 60; at++) time.arrival(random() * 100);
  expect(time.delayTicks * TICK_MS).toBeGreaterThan(100);
  for (let at = 0; at < 60; at++) time.arrival(300);
  expect(time.delayTicks).toBe(DELAY_MAX_TICKS);
  for (let at = 0; at < 60; at++) time.arrival(0);
  expect(time.delayTicks).toBeGreaterThan(DELAY_MAX_TICKS - 3);
  expect(time.delayTicks).toBeLessThan(DELAY_MAX_TICKS);
  for (let at = 0; at < 240; at++) time.arrival(0);
  expect(time.delayTicks).toBe(DELAY_MIN_TICKS);
});

test("a stall is not taken for unevenness", () => {
  const time = new DrawTime();
  for (let at = 0; at < 60; at++) time.arrival(at < 30 ? 5_000 - at * TICK_MS : 0);
  expect(time.delayTicks).toBe(DELAY_MIN_TICKS);
});

test("others are drawn no further back than a shot can reach, and no further ahead than they are guessed", () => {
  const time = new DrawTime();
  time.follow(100, 100, 0);
  expect(time.tick).toBe(100 - DELAY_MIN_TICKS);
  expect(time.behindTicks).toBe(DELAY_MIN_TICKS);
  time.follow(100, 100, 0, 99.5);
  expect([time.tick, time.behindTicks]).toEqual([99.5, 0.5]);
  time.follow(100, 100, 0, 101.5);
  expect([time.tick, time.behindTicks]).toEqual([101.5, 0]);
  time.follow(100, 100, 0, 95);
  expect(time.tick).toBe(101.5);
  time.follow(100, 100, 0, 200);
  expect(time.tick).toBe(100 + EXTRAPOLATE_MAX_TICKS);
});
