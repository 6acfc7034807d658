// The series that the page draws, from the metric history: one value a second, all load balancers together.

import { shortName } from "../model/arns.ts";
import type { State } from "../model/store.ts";
import { groupUsage } from "../model/usage.ts";
import type { MetricHistory, MetricId } from "../telemetry/metric-history.ts";
import { Sketch } from "../telemetry/sketch.ts";
import { addSummary, emptySummary, type Statistic, type Summary, statisticOf } from "../telemetry/summary.ts";
import { type MetricKey, metricKeys, type Values } from "./state.ts";

type Dimensions = Readonly<Record<string, string>>;

/** The part of the history that is read here. */
export type ReadableHistory = Pick<MetricHistory, "list" | "read" | "readSummaries">;

const namespace = "AWS/ApplicationELB";
const perGroup: readonly MetricKey[] = ["HealthyHostCount", "UnHealthyHostCount"];
const levels: readonly MetricKey[] = ["ActiveConnectionCount", ...perGroup];

export function chartMetrics(
  history: ReadableHistory,
  state: State,
  firstSecond: number,
  seconds: number,
): Record<MetricKey, Values> {
  const byLoadBalancer = [...state.loadBalancers.keys()].map((arn) => ({ LoadBalancer: shortName(arn) }));
  const byGroup = [...groupUsage(state)].flatMap(([groupArn, loadBalancers]) =>
    [...loadBalancers].map((arn) => ({ LoadBalancer: shortName(arn), TargetGroup: shortName(groupArn) })),
  );
  const values = (key: MetricKey): Values => {
    const [name = "", percentile] = key.split(".");
    const dimensions: readonly Dimensions[] = perGroup.includes(key) ? byGroup : byLoadBalancer;
    const metrics = dimensions.map((each) => ({ namespace, name, dimensions: each }));
    const statistic = (percentile ?? "Sum") as Statistic;
    const found = together(history, metrics, statistic, firstSecond, seconds);
    // What is counted was nought in a second without an event; what is measured is not known.
    return levels.includes(key) || percentile ? found : found.map((value) => value ?? 0);
  };
  return Object.fromEntries(metricKeys.map((key) => [key, values(key)])) as Record<MetricKey, Values>;
}

/** Several metrics as one: sums of sums, percentiles of all values. */
function together(
  history: ReadableHistory,
  metrics: readonly MetricId[],
  statistic: Statistic,
  firstSecond: number,
  seconds: number,
): Values {
  const summaries: (Summary | undefined)[] = new Array(seconds).fill(undefined);
  const range = { periodSeconds: 1, fromMs: firstSecond * 1000, toMs: (firstSecond + seconds) * 1000 };
  for (const metric of metrics) {
    for (const { atMs, summary } of history.readSummaries({ metric, ...range })) {
      const index = Math.round(atMs / 1000) - firstSecond;
      const known = summaries[index];
      if (known) addSummary(known, summary);
      else summaries[index] = metrics.length === 1 ? summary : copyOf(summary);
    }
  }
  return summaries.map((summary) => (summary && statisticOf(summary, statistic)) ?? null);
}

function copyOf(summary: Summary): Summary {
  const copy = emptySummary(summary.sketch && new Sketch());
  addSummary(copy, summary);
  return copy;
}
