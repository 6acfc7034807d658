import { expect, test } from "vitest";
import { percentile, spreadOf } from "./statistics.ts";

test("a spread is the median with the lowest and the highest value, in whatever order they come", () => {
  expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 });
});

test("nothing has no spread and no percentile", () => {
  expect(spreadOf([])).toBeUndefined();
  expect(percentile(new Float64Array(), 0.5)).toBeNaN();
});

test("a percentile is a value that was measured, by the nearest rank", () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile(hundred, 0)).toBe(1);
  expect(percentile(Float64Array.of(3, 8), 0.99)).toBe(8);
});
