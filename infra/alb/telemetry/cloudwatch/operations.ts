// What the CloudWatch API can do, apart from any protocol: input as it came goes in, a plain answer comes out.

import type { MetricHistory } from "../metric-history.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricStatistics } from "./get-metric-statistics.ts";
import { metricStatistics, metricsToList, putMetrics, readInput } from "./input.ts";
import { listMetrics } from "./list-metrics.ts";
import { putMetricData } from "./put-metric-data.ts";

export interface CloudWatchContext {
  readonly history: MetricHistory;
  readonly nowMs: () => number;
}

/** Dates and maps in an answer are written as each protocol has them. */
export type Operation = (raw: unknown, context: CloudWatchContext) => object;

export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["GetMetricData", (raw, context) => getMetricData(raw, context)],
  ["GetMetricStatistics", (raw, { history }) => getMetricStatistics(readInput(metricStatistics, raw), history)],
  ["ListMetrics", (raw, context) => listMetrics(readInput(metricsToList, raw), context)],
  ["PutMetricData", (raw, context) => putMetricData(readInput(putMetrics, raw), context)],
]);
