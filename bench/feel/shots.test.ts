import { expect, test } from "vitest";
import type { RenderBall, RenderBoat } from "../../client/netcode/render-state.ts";
import { Shots } from "./shots.ts";

const boat = (xPx: number, change: Partial<RenderBoat> = {}) =>
  ({ seat: 1, own: false, afloat: true, isProtected: false, xPx, yPx: 0, ...change }) as RenderBoat;
const ball = (xPx: number, id = -1): RenderBall => ({
  ...{ id, seat: 0, xPx, yPx: 0, vxPxPerSecond: 500, vyPxPerSecond: 0, flightLeft: 1 },
});

test("how near an own ball came is known of all frames that show it", () => {
  const shots = new Shots();
  shots.frame([ball(0)], [boat(100)], 3, 1_000);
  shots.frame([ball(60)], [boat(100)], 3, 1_020);
  shots.frame([ball(30)], [boat(100)], 3, 1_040);
  expect(shots.all).toEqual([{ firedAtMs: 1_000, lagTicks: 3, nearestPx: 40, wasHit: undefined }]);
});

test("a ball that is gone is looked for where it would be", () => {
  const shots = new Shots();
  shots.frame([ball(0)], [boat(100)], 3, 1_000);
  shots.frame([], [boat(100)], 3, 1_100);
  expect(shots.all[0]!.nearestPx).toBe(50);
  shots.frame([], [boat(50)], 3, 1_200);
  expect(shots.all[0]!.nearestPx).toBe(50);
});

test("who cannot be hit is not a target, nor is a ball of another", () => {
  const shots = new Shots();
  const boats = [boat(0, { own: true }), boat(0, { afloat: false }), boat(0, { isProtected: true }), boat(300)];
  shots.frame([ball(0), ball(290, 7)], boats, 3, 1_000);
  expect(shots.all.map((shot) => shot.nearestPx)).toEqual([300]);
});

test("a hit belongs to the shot that the server told of a moment after it was seen", () => {
  const shots = new Shots();
  shots.frame([ball(0)], [], 3, 1_000);
  shots.frame([ball(0, -2)], [], 3, 2_000);
  shots.fired(41, 1_200);
  shots.fired(42, 2_200);
  shots.fired(43, 9_000);
  shots.hit(42);
  shots.hit(43);
  expect(shots.all.map((shot) => shot.wasHit)).toEqual([false, true]);
});
