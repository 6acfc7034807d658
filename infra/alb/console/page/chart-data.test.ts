import { expect, test } from "vitest";
import { type ChartsView, metricKeys, type TargetSeries } from "../state.ts";
import { appended, keptSeconds, lastSecond, noCharts } from "./chart-data.ts";

const view = (firstSecond: number, values: number[], webSockets: TargetSeries[] = []): ChartsView => ({
  ...{ firstSecond, seconds: values.length, webSockets },
  metrics: Object.fromEntries(metricKeys.map((key) => [key, values])) as unknown as ChartsView["metrics"],
});
const series = (key: string, values: number[]): TargetSeries => ({ key, group: "g", target: key, values });

test("news are put behind what is known", () => {
  const joined = appended(view(10, [1, 2]), view(12, [3]));
  expect(joined).toMatchObject({ firstSecond: 10, seconds: 3 });
  expect(joined.metrics.RequestCount).toEqual([1, 2, 3]);
  expect(lastSecond(joined)).toBe(12);
});

test("an answer without a new second changes nothing", () => {
  expect(appended(view(10, [1, 2]), view(12, [])).metrics.RequestCount).toEqual([1, 2]);
});

test("what does not join begins anew", () => {
  expect(appended(view(10, [1, 2]), view(20, [3])).metrics.RequestCount).toEqual([3]);
  expect(appended(noCharts, view(20, [3])).firstSecond).toBe(20);
});

test("what is too old is dropped", () => {
  const joined = appended(view(0, new Array(keptSeconds).fill(1)), view(keptSeconds, [2, 2]));
  expect(joined).toMatchObject({ firstSecond: 2, seconds: keptSeconds });
  expect(joined.metrics.ProcessedBytes.slice(-3)).toEqual([1, 2, 2]);
});

test("a target that is missing on one side held nothing in that time", () => {
  const before = view(10, [1, 1], [series("old", [4, 4])]);
  const joined = appended(before, view(12, [1], [series("new", [5])]));
  expect(joined.webSockets).toEqual([series("old", [4, 4, 0]), series("new", [0, 0, 5])]);
});

test("a target is forgotten when the last second in which it held something is dropped", () => {
  const before = view(0, new Array(keptSeconds).fill(0), [series("old", [1, ...new Array(keptSeconds - 1).fill(0)])]);
  expect(appended(before, view(keptSeconds, [0])).webSockets).toEqual([]);
});
