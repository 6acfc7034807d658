// PutMetricData: measurements of others, such as players on a server, kept beside our own.

import type { z } from "zod";
import { limits } from "../../limits.ts";
import { Sketch } from "../sketch.ts";
import { addValue, emptySummary, type Summary } from "../summary.ts";
import { CloudWatchError, invalidCombination, invalidValue, missing } from "./errors.ts";
import type { putMetrics } from "./input.ts";
import { metricId } from "./metric-reference.ts";
import type { CloudWatchContext } from "./operations.ts";

type Input = z.output<typeof putMetrics>;
type Datum = Input["MetricData"][number];

const maxAheadMs = 2 * 3_600_000;
const greatest = 2 ** 360;

export function putMetricData({ Namespace, MetricData }: Input, { history, nowMs }: CloudWatchContext) {
  if (/^AWS\//i.test(Namespace)) {
    throw invalidValue(`The value ${Namespace} for parameter Namespace is invalid: AWS/ is reserved.`);
  }
  const now = nowMs();
  // All are looked at before the first is taken.
  const measured = MetricData.map((datum, i) => {
    const at = `MetricData.member.${i + 1}`;
    return { datum, atMs: checkTime(datum.Timestamp ?? now, now, at), summary: summaryOf(datum, at) };
  });
  for (const { datum, atMs, summary } of measured) {
    const { MetricName, Dimensions, Unit: unit, StorageResolution } = datum;
    const metric = metricId({ Namespace, MetricName, Dimensions });
    const options = { unit, kind: "samples" as const, percentiles: true };
    // A second that is yet to come would push out those that were.
    const bySecond = StorageResolution === 1 && atMs <= now + 1_000;
    if (history.put(metric, options, atMs, summary, bySecond)) continue;
    const sentence = `No more than ${limits.maxMetrics} metrics are kept here; '${MetricName}' and what follows was not taken.`;
    throw new CloudWatchError("LimitExceeded", sentence);
  }
  return {};
}

function checkTime(atMs: number, nowMs: number, at: string): number {
  const hours = limits.keptMetricMinutes / 60;
  if (atMs < nowMs - hours * 3_600_000) {
    throw invalidValue(
      `The parameter ${at}.Timestamp must be less than ${hours} hours ago: older ones are not kept here.`,
    );
  }
  if (atMs > nowMs + maxAheadMs) {
    throw invalidValue(`The parameter ${at}.Timestamp must be at most two hours in the future.`);
  }
  return atMs;
}

function summaryOf({ Value, StatisticValues, Values, Counts }: Datum, at: string): Summary {
  const given = [Value, StatisticValues, Values].filter((each) => each !== undefined).length;
  if (given === 0) throw missing(`${at}.Value`);
  if (given > 1) {
    throw invalidCombination(`The parameters ${at}.Value, .Values and .StatisticValues are mutually exclusive.`);
  }
  if (Counts && Counts.length !== Values?.length) {
    throw invalidCombination(`The parameters ${at}.Values and ${at}.Counts must be of the same size.`);
  }
  if (StatisticValues) return statisticSet(StatisticValues, at);
  const summary = emptySummary(new Sketch());
  for (const [i, value] of (Values ?? [Value!]).entries()) {
    const times = Counts?.[i] ?? 1;
    if (!(times > 0 && times <= greatest)) throw invalidValue(`The parameter ${at}.Counts must hold numbers above 0.`);
    addValue(summary, checkValue(value, `${at}.Value`), times);
  }
  return summary;
}

function statisticSet(given: NonNullable<Datum["StatisticValues"]>, at: string): Summary {
  const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = given;
  for (const [name, value] of Object.entries(given)) checkValue(value, `${at}.StatisticValues.${name}`);
  if (count <= 0 || min > max) {
    const sentence = `${at}.StatisticValues needs a SampleCount above 0, and a Minimum not above its Maximum.`;
    throw invalidCombination(sentence);
  }
  return { count, sum, min, max, sketch: undefined };
}

function checkValue(value: number, at: string): number {
  if (Math.abs(value) <= greatest) return value;
  throw invalidValue(`The value for parameter ${at} must be from -2^360 to 2^360.`);
}
