// Open WebSockets of each target, second by second, from the metric history.

import { limits } from "../limits.ts";
import { activeWebSockets, ownNamespace } from "../telemetry/metric-definitions.ts";
import type { MetricId } from "../telemetry/metric-history.ts";
import type { ReadableHistory } from "./charts.ts";
import { viewKey } from "./describe.ts";
import type { TargetSeries } from "./state.ts";

/** How far back a value may lie that stands for a second without one: a sample may be late. */
const LOOK_BACK_SECONDS = 5;

/** Of targets that hold WebSockets or held some in that time; of those that held most, when there are many. */
export function socketSeries(history: ReadableHistory, firstSecond: number, seconds: number): readonly TargetSeries[] {
  return history
    .list()
    .filter(({ metric, lastMs }) => {
      const { namespace, name, dimensions } = metric;
      const ours = namespace === ownNamespace && name === activeWebSockets.name && dimensions.Target !== undefined;
      return ours && lastMs >= (firstSecond - LOOK_BACK_SECONDS) * 1000;
    })
    .map(({ metric }) => seriesOf(history, metric, firstSecond, seconds))
    .map((series) => ({ series, most: Math.max(0, ...series.values) }))
    .filter(({ most }) => most > 0)
    .sort((a, b) => b.most - a.most)
    .slice(0, limits.maxConsoleSeries)
    .map(({ series }) => series);
}

function seriesOf(history: ReadableHistory, metric: MetricId, firstSecond: number, seconds: number) {
  const { TargetGroup = "", Target = "" } = metric.dimensions;
  const points = history.read({
    ...{ metric, statistic: "Maximum", periodSeconds: 1 },
    ...{ fromMs: (firstSecond - LOOK_BACK_SECONDS) * 1000, toMs: (firstSecond + seconds) * 1000 },
  });
  const values: number[] = [];
  let next = 0;
  let value = 0;
  for (let second = firstSecond; second < firstSecond + seconds; second++) {
    for (; next < points.length && points[next]!.atMs <= second * 1000; next++) value = points[next]!.value;
    values.push(value);
  }
  return { key: viewKey(TargetGroup, Target), group: TargetGroup.split("/").at(1) ?? "", target: Target, values };
}
