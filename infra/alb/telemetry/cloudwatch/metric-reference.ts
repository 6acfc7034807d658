// How requests name metrics and statistics, and how the history does.

import type { MetricId } from "../metric-history.ts";
import { percentileOf, plainStatistics, type Statistic } from "../summary.ts";

export interface MetricReference {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

export const metricId = ({ Namespace, MetricName, Dimensions }: MetricReference): MetricId => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map((each) => [each.Name, each.Value])),
});

export const referenceOf = ({ namespace, name, dimensions }: MetricId): MetricReference => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

/** Undefined for what is no statistic, or one that is not told here, such as a trimmed mean. */
export function readStatistic(text: string): Statistic | undefined {
  const plain = plainStatistics.find((each) => each === text);
  return plain ?? (percentileOf(text) === undefined ? undefined : (text as Statistic));
}
