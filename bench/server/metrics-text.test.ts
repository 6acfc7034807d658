import { expect, test } from "vitest";
import { readCounts, tickPercentileMs } from "./metrics-text.ts";

const metrics = (inputs: number, counts: readonly number[]): string => `# HELP tidegate_inputs_total Inputs.
tidegate_inputs_total{arrival="queued",server="a"} ${inputs}
tidegate_inputs_total{arrival="duplicate",server="a"} 2
tidegate_tick_seconds_bucket{le="0.001",server="a"} ${counts[0]}
tidegate_tick_seconds_bucket{le="0.002",server="a"} ${counts[1]}
tidegate_tick_seconds_bucket{le="+Inf",server="a"} ${counts[2]}
`;

test("inputs are counted whatever became of them", () => {
  expect(readCounts(metrics(5, [1, 1, 1])).inputs).toBe(7);
});

test("a percentile lies within its bucket by proportion, and counts only what happened between two readings", () => {
  const before = readCounts(metrics(0, [100, 100, 100]));
  const after = readCounts(metrics(0, [150, 200, 200]));
  expect(tickPercentileMs(before, after, 0.5)).toBeCloseTo(1);
  expect(tickPercentileMs(before, after, 0.75)).toBeCloseTo(1.5);
});

test("beyond the last limit nothing more is known than the limit", () => {
  expect(tickPercentileMs(readCounts(metrics(0, [0, 0, 0])), readCounts(metrics(0, [0, 0, 9])), 0.99)).toBeCloseTo(2);
});

test("metrics without ticks are not those of a server", () => {
  expect(() => readCounts("up 1")).toThrow("how long its ticks take");
});
