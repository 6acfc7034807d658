import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { MetricHistory, type MetricId } from "./metric-history.ts";
import { relativeError, Sketch } from "./sketch.ts";
import { addValue, emptySummary, type Statistic } from "./summary.ts";

/** On a whole minute. */
const startMs = 1_800_000_000_000;
const metric: MetricId = { namespace: "N", name: "M", dimensions: { A: "1", B: "2" } };
const samples = { unit: "Count", kind: "samples", percentiles: true } as const;

function newHistory() {
  const clock = new VirtualClock(startMs);
  const history = new MetricHistory(clock);
  const read = (statistic: Statistic, periodSeconds: number, fromMs = startMs, toMs = clock.nowMs() + 1_000) =>
    history.read({ metric, statistic, periodSeconds, fromMs, toMs }).map(({ atMs, value }) => [atMs - startMs, value]);
  return { clock, history, read };
}

test("ALB-82: every statistic of a period is told", () => {
  const { history, read } = newHistory();
  const series = history.series(metric, samples);
  for (const value of [3, 1, 2, 10]) series.add(value);
  for (const [statistic, expected] of [
    ["SampleCount", 4],
    ["Sum", 16],
    ["Average", 4],
    ["Minimum", 1],
    ["Maximum", 10],
    ["p100", 10],
  ] as const) {
    expect(read(statistic, 60)).toEqual([[0, expected]]);
  }
  expect(read("p50", 60)[0]![1]).toBeCloseTo(2, 1);
});

test("ALB-82: seconds are kept for some minutes, minutes for some hours, and no more", () => {
  const { clock, history, read } = newHistory();
  const series = history.series(metric, samples);
  const seconds = limits.keptMetricMinutes * 60 + 600;
  for (let i = 0; i < seconds; i++) {
    series.add(1);
    history.flush();
    clock.advance(1_000);
  }
  expect(read("Sum", 1)).toHaveLength(limits.keptMetricSeconds);
  const minutes = read("Sum", 60);
  expect(minutes).toHaveLength(limits.keptMetricMinutes);
  expect(new Set(minutes.map(([, value]) => value))).toEqual(new Set([60]));
});

test("ALB-82: periods begin where the question begins, and those without data are left out", () => {
  const { clock, history, read } = newHistory();
  const series = history.series(metric, samples);
  for (const waitMs of [0, 60_000, 60_000, 240_000]) {
    clock.advance(waitMs);
    series.add(1);
    history.flush();
  }
  expect(read("Sum", 60)).toEqual([0, 60_000, 120_000, 360_000].map((atMs) => [atMs, 1]));
  expect(read("Sum", 180, startMs + 61_000)).toEqual([
    [60_000, 2],
    [240_000, 1],
  ]);
  expect(read("Sum", 60, startMs, startMs + 60_000)).toEqual([[0, 1]]);
  expect(read("Sum", 10, startMs + 355_000)).toEqual([[360_000, 1]]);
});

test("ALB-82: of a level, the last sample of a minute stands for it, so that Sum is the level", () => {
  const { clock, history, read } = newHistory();
  const series = history.series(metric, { unit: "Count", kind: "level" });
  for (const level of [5, 7, 6]) {
    series.add(level);
    history.flush();
    clock.advance(1_000);
  }
  expect(read("Sum", 60)).toEqual([[0, 6]]);
  expect(read("Sum", 1).map(([, value]) => value)).toEqual([5, 7, 6]);
  expect(read("Sum", 10)).toEqual([[0, 6]]);
  clock.advance(60_000);
  series.add(2);
  expect(read("Sum", 300)).toEqual([[0, 8]]);
});

test("ALB-82: metrics beyond the limit are refused and counted; one that is silent for hours makes room", () => {
  const { clock, history } = newHistory();
  const named = (name: string) => history.series({ namespace: "N", name, dimensions: {} }, samples);
  for (let i = 0; i < limits.maxMetrics; i++) named(`m${i}`).add(1);
  named("one more").add(1);
  expect(history.refused).toBe(1);
  expect(history.list()).toHaveLength(limits.maxMetrics);
  const first = named("m0");
  clock.advance(limits.keptMetricMinutes * 60_000 + 1_000);
  history.flush();
  expect(history.list()).toHaveLength(0);
  first.add(1);
  expect(history.list().map((each) => each.metric.name)).toEqual(["m0"]);
});

test("ALB-82: what was measured elsewhere is filed under its own time, but not beyond what is kept", () => {
  const { clock, history, read } = newHistory();
  clock.advance(86_400_000);
  const nowMs = clock.nowMs();
  const one = emptySummary();
  addValue(one, 4);
  expect(history.put(metric, samples, nowMs, one, true)).toBe(true);
  expect(history.put(metric, samples, nowMs - 3_600_000, one, false)).toBe(true);
  expect(history.put(metric, samples, startMs, one, false)).toBe(true);
  expect(read("Sum", 60).map(([atMs]) => atMs)).toEqual([82_800_000, 86_400_000]);
  expect(read("Sum", 1).map(([atMs]) => atMs)).toEqual([86_400_000]);
});

test("ALB-82: a percentile is off by one per cent at most, and nothing grows with the number of values", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 0, max: 100 }),
      (values, percent) => {
        const [left, right] = [new Sketch(), new Sketch()];
        values.forEach((value, i) => {
          (i % 2 ? left : right).add(value);
        });
        left.merge(right);
        const rank = Math.max(1, Math.ceil((percent / 100) * values.length));
        const exact = [...values].sort((a, b) => a - b)[rank - 1]!;
        const told = left.percentile(percent)!;
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * relativeError * 1.000001);
      },
    ),
    { seed: 82, numRuns: 200 },
  );
  const wide = new Sketch();
  for (let tenths = -3_000; tenths < 3_000; tenths++) wide.add(10 ** (tenths / 10));
  expect(wide.buckets).toBe(limits.maxSketchBuckets);
  expect(wide.percentile(100)! / 10 ** 299.9).toBeCloseTo(1, 1);
});
