// GetMetricStatistics: one metric, several statistics.

import type { z } from "zod";
import { limits } from "../../limits.ts";
import type { MetricHistory } from "../metric-history.ts";
import { type Statistic, type Summary, statisticOf } from "../summary.ts";
import { invalidCombination, invalidValue } from "./errors.ts";
import type { metricStatistics } from "./input.ts";
import { metricId, readStatistic } from "./metric-reference.ts";

export function getMetricStatistics(input: z.output<typeof metricStatistics>, history: MetricHistory) {
  const { MetricName, StartTime, EndTime, Period, Statistics, ExtendedStatistics, Unit } = input;
  if (StartTime >= EndTime) {
    throw invalidValue("The parameter StartTime must be less than the parameter EndTime.");
  }
  if ((Statistics === undefined) === (ExtendedStatistics === undefined)) {
    throw invalidCombination("Specify either the parameter Statistics or the parameter ExtendedStatistics, not both.");
  }
  const plain = (Statistics ?? []).map((each) => checked(each, "Statistics", (known) => !known.startsWith("p")));
  const percentiles = (ExtendedStatistics ?? []).map((each) =>
    checked(each, "ExtendedStatistics", (known) => known.startsWith("p")),
  );
  const points = Math.ceil((EndTime - StartTime) / (Period * 1_000));
  if (points > limits.maxStatisticsDatapoints) {
    throw invalidCombination(
      `You have requested up to ${points.toLocaleString("en-US")} datapoints, which exceeds the limit of ` +
        `${limits.maxStatisticsDatapoints.toLocaleString("en-US")}. You may reduce the datapoints requested by increasing ` +
        "Period, or decreasing the time range.",
    );
  }
  const metric = metricId(input);
  const unit = history.unit(metric);
  if (Unit !== undefined && Unit !== unit) return { Label: MetricName, Datapoints: [] };
  const found = history.readSummaries({ metric, periodSeconds: Period, fromMs: StartTime, toMs: EndTime });
  return {
    Label: MetricName,
    Datapoints: found.flatMap(({ atMs, summary }) => {
      const extended = new Map(percentiles.flatMap((each) => entry(each, summary)));
      // A percentile that cannot be told leaves nothing to say of the period.
      if (percentiles.length > 0 && extended.size === 0) return [];
      return [
        {
          Timestamp: new Date(atMs),
          ...Object.fromEntries(plain.flatMap((each) => entry(each, summary))),
          Unit: unit,
          ...(extended.size > 0 && { ExtendedStatistics: extended }),
        },
      ];
    }),
  };
}

const entry = (statistic: Statistic, summary: Summary): [string, number][] => {
  const value = statisticOf(summary, statistic);
  return value === undefined ? [] : [[statistic, value]];
};

function checked(name: string, parameter: string, fits: (known: Statistic) => boolean): Statistic {
  const known = readStatistic(name);
  if (known && fits(known)) return known;
  throw invalidValue(`The value ${name} for parameter ${parameter} is not supported.`);
}
