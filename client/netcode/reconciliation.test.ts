import { expect, test } from "vitest";
import { CorrectionFade, FADE_MS, SNAP_PX } from "./reconciliation.ts";

const place = (xPx: number, heading = 0) => ({ xPx, yPx: 0, heading });

test("a correction is measured in pixels, keeps the boat where it is drawn, and fades to nothing", () => {
  const fade = new CorrectionFade();
  expect(fade.correct(place(10), place(0), 1_000)).toBe(10);
  expect(fade.offset(1_000).xPx).toBe(10);
  const half = fade.offset(1_000 + FADE_MS / 2).xPx;
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(10);
  expect(fade.offset(1_000 + FADE_MS).xPx).toBe(0);
});

test("a second correction adds to what is left of the first", () => {
  const fade = new CorrectionFade();
  fade.correct(place(10), place(0), 1_000);
  fade.correct(place(0), place(10), 1_000);
  expect(fade.offset(1_000).xPx).toBe(0);
});

test("the heading is corrected by the shorter way", () => {
  const fade = new CorrectionFade();
  fade.correct(place(0, 0.1), place(0, 2 * Math.PI - 0.1), 0);
  expect(fade.offset(0).headingRadians).toBeCloseTo(0.2);
});

test("a leap is not faded", () => {
  const fade = new CorrectionFade();
  expect(fade.correct(place(SNAP_PX + 1), place(0), 0)).toBe(SNAP_PX + 1);
  expect(fade.offset(0).xPx).toBe(0);
});

test("nothing wrong is nothing to fade", () => {
  const fade = new CorrectionFade();
  expect(fade.correct(place(5), place(5), 0)).toBe(0);
});
