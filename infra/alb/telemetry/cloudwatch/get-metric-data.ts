// GetMetricData: many metrics, one statistic each, in pages. Metric math is refused by name.

import type { z } from "zod";
import type { DataPoint, MetricHistory } from "../metric-history.ts";
import type { Statistic } from "../summary.ts";
import { CloudWatchError, validation } from "./errors.ts";
import { metricData, readInput } from "./input.ts";
import { metricId, readStatistic } from "./metric-reference.ts";
import type { CloudWatchContext } from "./operations.ts";

type Input = z.output<typeof metricData>;
type Query = Input["MetricDataQueries"][number];
type MetricStat = NonNullable<Query["MetricStat"]>;

/** Where the next page goes on. */
interface Position {
  readonly query: number;
  readonly point: number;
}

export function getMetricData(raw: unknown, { history }: CloudWatchContext) {
  const input = read(raw);
  const { StartTime: fromMs, EndTime: toMs, ScanBy, MaxDatapoints, NextToken, MetricDataQueries: queries } = input;
  if (fromMs >= toMs) throw validation("The parameter StartTime must be less than the parameter EndTime.");
  const ids = queries.map((each) => each.Id);
  const double = ids.find((id, i) => ids.indexOf(id) !== i);
  if (double) throw validation(`The values for parameter Id in MetricDataQueries are not unique: '${double}'.`);
  const checked = queries.map(check);
  if (!queries.some((each) => each.ReturnData)) {
    throw validation("At least one of the MetricDataQueries must return data: ReturnData is false for all.");
  }
  const shown = checked.filter(({ query }) => query.ReturnData);
  let { query: at, point } = NextToken === undefined ? { query: 0, point: 0 } : readToken(NextToken, shown.length);
  let left = MaxDatapoints;
  const results = [];
  for (; at < shown.length && left > 0; at++) {
    const { query, stat, statistic } = shown[at]!;
    const points = readPoints(history, stat, { statistic, fromMs, toMs });
    const rest = (ScanBy === "TimestampDescending" ? [...points].reverse() : points).slice(point);
    const page = rest.slice(0, left);
    left -= page.length;
    results.push({
      Id: query.Id,
      Label: query.Label ?? stat.Metric.MetricName,
      Timestamps: page.map(({ atMs }) => new Date(atMs)),
      Values: page.map(({ value }) => value),
      StatusCode: page.length < rest.length ? "PartialData" : "Complete",
    });
    if (page.length < rest.length) {
      point += page.length;
      break;
    }
    point = 0;
  }
  const more = at < shown.length;
  return { MetricDataResults: results, Messages: [], ...(more && { NextToken: writeToken({ query: at, point }) }) };
}

/** CloudWatch answers every fault of this operation with ValidationError. */
function read(raw: unknown): Input {
  try {
    return readInput(metricData, raw);
  } catch (error) {
    throw error instanceof CloudWatchError ? validation(error.message) : error;
  }
}

function check(query: Query) {
  const { Id, MetricStat: stat, Expression, Label = "", Period } = query;
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id)) {
    throw validation(
      `The value '${Id}' for parameter Id must begin with a lower case letter, then letters, digits, _.`,
    );
  }
  if (Expression !== undefined) throw validation(`Expression of '${Id}': metric math is not supported here.`);
  if (!stat) throw validation(`The MetricDataQuery '${Id}' needs a MetricStat.`);
  if (Period !== undefined) throw validation(`Period of '${Id}' belongs into its MetricStat.`);
  if (Label.includes("${")) throw validation(`Label of '${Id}': dynamic labels are not supported here.`);
  const statistic = readStatistic(stat.Stat);
  if (!statistic) throw validation(`The value '${stat.Stat}' for parameter Stat of '${Id}' is not supported here.`);
  return { query, stat, statistic };
}

interface Wanted {
  readonly statistic: Statistic;
  readonly fromMs: number;
  readonly toMs: number;
}

function readPoints(history: MetricHistory, stat: MetricStat, wanted: Wanted): readonly DataPoint[] {
  const metric = metricId(stat.Metric);
  if (stat.Unit !== undefined && stat.Unit !== history.unit(metric)) return [];
  return history.read({ metric, periodSeconds: stat.Period, ...wanted });
}

const writeToken = ({ query, point }: Position) => Buffer.from(`${query}.${point}`).toString("base64url");

function readToken(token: string, queries: number): Position {
  const match = /^(\d{1,3})\.(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString("latin1"));
  const position = match && { query: Number(match[1]), point: Number(match[2]) };
  if (position && position.query < queries) return position;
  throw new CloudWatchError("InvalidNextToken", "The NextToken is not valid.");
}
