import { expect, test } from "vitest";
import {
  BACK_OFF_BASE_MS,
  BACK_OFF_CAP_MS,
  backOffMs,
  MOVE_AGAIN_CAP_MS,
  MOVE_AGAIN_MS,
  moveAgainMs,
} from "./back-off.ts";

test("the jitter is full: any wait from nothing to the ceiling", () => {
  expect(backOffMs(3, () => 0)).toBe(0);
  expect(backOffMs(0, () => 1)).toBe(BACK_OFF_BASE_MS);
});

test("the ceiling doubles with each attempt and stays at the cap", () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 60, 5_000].map((attempt) => backOffMs(attempt, () => 1));
  expect(ceilings.slice(0, 4)).toEqual([1, 2, 4, 8].map((times) => BACK_OFF_BASE_MS * times));
  expect(ceilings.slice(4)).toEqual([BACK_OFF_CAP_MS, BACK_OFF_CAP_MS, BACK_OFF_CAP_MS, BACK_OFF_CAP_MS]);
});

test("a move is tried again soon, and more and more patiently while the old connection goes on", () => {
  expect(moveAgainMs(0, () => 0)).toBe(0);
  const ceilings = [0, 1, 2, 3, 4, 900].map((failures) => moveAgainMs(failures, () => 1));
  expect(ceilings.slice(0, 4)).toEqual([1, 2, 4, 8].map((times) => MOVE_AGAIN_MS * times));
  expect(ceilings.slice(4)).toEqual([MOVE_AGAIN_CAP_MS, MOVE_AGAIN_CAP_MS]);
});
