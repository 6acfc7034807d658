// Many values of one metric, summed up as CloudWatch's statistic sets are. Pure apart from growing.

import type { Sketch } from "./sketch.ts";

export interface Summary {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Of metrics whose percentiles are wanted, as long as no value was negative. */
  sketch: Sketch | undefined;
}

export const plainStatistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] as const;

/** `p99`, `p99.9`, or one of CloudWatch's plain statistics. */
export type Statistic = (typeof plainStatistics)[number] | `p${number}`;

export const emptySummary = (sketch?: Sketch): Summary => ({
  ...{ count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sketch },
});

export function addValue(summary: Summary, value: number, times = 1): void {
  summary.count += times;
  summary.sum += value * times;
  if (value < summary.min) summary.min = value;
  if (value > summary.max) summary.max = value;
  if (value < 0) summary.sketch = undefined;
  else summary.sketch?.add(value, times);
}

/** Adds `more` to `summary`; percentiles last only as long as both know their values. */
export function addSummary(summary: Summary, more: Summary): void {
  const known = (summary.count === 0 || summary.sketch) && more.sketch;
  summary.count += more.count;
  summary.sum += more.sum;
  if (more.min < summary.min) summary.min = more.min;
  if (more.max > summary.max) summary.max = more.max;
  if (!known) summary.sketch = undefined;
  else summary.sketch?.merge(more.sketch!);
}

/** A percentile, or undefined when the text is none: `p0` to `p100` with up to ten decimals. */
export function percentileOf(text: string): number | undefined {
  if (!/^p\d{1,3}(\.\d{1,10})?$/.test(text)) return undefined;
  const percent = Number(text.slice(1));
  return percent <= 100 ? percent : undefined;
}

/** Undefined when it cannot be told: a percentile of values that are known only as a statistic set. */
export function statisticOf(summary: Summary, statistic: Statistic): number | undefined {
  switch (statistic) {
    case "SampleCount":
      return summary.count;
    case "Sum":
      return summary.sum;
    case "Average":
      return summary.sum / summary.count;
    case "Minimum":
      return summary.min;
    case "Maximum":
      return summary.max;
    default: {
      // The same value throughout, or one alone, is every percentile.
      if (summary.min === summary.max && summary.min >= 0) return summary.min;
      const value = summary.sketch?.percentile(percentileOf(statistic) ?? 0);
      return value === undefined ? undefined : Math.min(Math.max(value, summary.min), summary.max);
    }
  }
}
