import { expect, test } from "vitest";
import { addBoat, boatStateOf, createWorld, TURN } from "../../game/sim/index.ts";
import { CorrectionFade, FADE_MS, SNAP_PX } from "./reconciliation.ts";

function boat(x: number, heading = 0) {
  const world = createWorld(1);
  addBoat(world, 0, { bot: false });
  return { ...boatStateOf(world.boats[0]!), x, y: 0, heading };
}

test("a correction is measured in pixels, keeps the boat where it is drawn, and fades to nothing", () => {
  const fade = new CorrectionFade();
  expect(fade.correct(boat(640), boat(0), 1_000)).toBe(10);
  expect(fade.offset(1_000).xPx).toBe(10);
  const half = fade.offset(1_000 + FADE_MS / 2).xPx;
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(10);
  expect(fade.offset(1_000 + FADE_MS).xPx).toBe(0);
});

test("a second correction adds to what is left of the first", () => {
  const fade = new CorrectionFade();
  fade.correct(boat(640), boat(0), 1_000);
  fade.correct(boat(0), boat(640), 1_000);
  expect(fade.offset(1_000).xPx).toBe(0);
});

test("the heading is corrected by the shorter way", () => {
  const fade = new CorrectionFade();
  fade.correct(boat(0, 10), boat(0, TURN - 10), 0);
  expect(fade.offset(0).headingRadians).toBeCloseTo((20 / TURN) * 2 * Math.PI);
});

test("a leap is not faded", () => {
  const fade = new CorrectionFade();
  expect(fade.correct(boat(64 * (SNAP_PX + 1)), boat(0), 0)).toBe(SNAP_PX + 1);
  expect(fade.offset(0).xPx).toBe(0);
});

test("nothing wrong is nothing to fade", () => {
  const fade = new CorrectionFade();
  expect(fade.correct(boat(5), boat(5), 0)).toBe(0);
});
