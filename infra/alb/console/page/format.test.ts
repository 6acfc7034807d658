import { expect, test } from "vitest";
import { bytes, count, duration, seconds } from "./format.ts";

test.each([
  [-5, "0 s"],
  [59_400, "59 s"],
  [61_000, "1 min 1 s"],
  [3_600_000, "1 h 0 min"],
  [90_061_000, "1 d 1 h"],
])("%i ms are written as a duration", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_200, "1.2 KB"],
  [999_600, "1.0 MB"],
  [34_000_000, "34 MB"],
  [5e15, "5000 TB"],
])("%i bytes are written in powers of 1000", (value, text) => {
  expect(bytes(value)).toBe(text);
});

test.each([
  [0, "0 ms"],
  [0.0004, "0.4 ms"],
  [0.25, "250 ms"],
  [0.99951, "1.0 s"],
  [1.3, "1.3 s"],
  [60, "60 s"],
])("%f seconds are written as a time to answer", (value, text) => {
  expect(seconds(value)).toBe(text);
});

test("counts have separators", () => {
  expect(count(12_345.4)).toBe("12,345");
});
