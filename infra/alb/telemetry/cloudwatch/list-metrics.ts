// ListMetrics: the metrics that have data, filtered, in pages.

import type { z } from "zod";
import { limits } from "../../limits.ts";
import { type MetricId, metricKey } from "../metric-history.ts";
import { invalidValue } from "./errors.ts";
import type { metricsToList } from "./input.ts";
import { referenceOf } from "./metric-reference.ts";
import type { CloudWatchContext } from "./operations.ts";

type Input = z.output<typeof metricsToList>;

const recentMs = 3 * 3_600_000;

export function listMetrics(input: Input, { history, nowMs }: CloudWatchContext) {
  const { NextToken, RecentlyActive } = input;
  const oldestMs = RecentlyActive ? nowMs() - recentMs : 0;
  const found = history
    .list()
    .filter(({ metric, lastMs }) => lastMs >= oldestMs && fits(metric, input))
    .map(({ metric }) => ({ metric, key: metricKey(metric) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  // The token is the last metric that was told, so that pages fit together when metrics come and go.
  const last = NextToken === undefined ? "" : readToken(NextToken);
  const rest = found.filter(({ key }) => key > last);
  const page = rest.slice(0, limits.maxListedMetrics);
  return {
    Metrics: page.map(({ metric }) => referenceOf(metric)),
    ...(page.length < rest.length && { NextToken: Buffer.from(page.at(-1)!.key).toString("base64url") }),
  };
}

function fits({ namespace, name, dimensions }: MetricId, { Namespace, MetricName, Dimensions }: Input): boolean {
  if (Namespace !== undefined && Namespace !== namespace) return false;
  if (MetricName !== undefined && MetricName !== name) return false;
  return Dimensions.every(
    ({ Name, Value }) => Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value),
  );
}

function readToken(token: string): string {
  const key = Buffer.from(token, "base64url").toString("utf8");
  if (!key.startsWith("[")) throw invalidValue("The value for parameter NextToken is not valid.");
  return key;
}
