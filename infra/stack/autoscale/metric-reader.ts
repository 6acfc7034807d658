// The autoscaler's metric, read by the CloudWatch API: the same code speaks to the local control API and to AWS.
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { topology } from "../topology.ts";
import type { Reading } from "./target-tracking.ts";

const REQUEST_TIMEOUT_MS = 2_000;

export interface MetricReader {
  /** The last `count` whole periods before `now`, oldest first; undefined where nothing was measured. */
  read(now: Date, periodSeconds: number, count: number): Promise<(Reading | undefined)[]>;
}

/** A client for the local control API, which takes any credentials. */
export function localCloudWatchClient(controlUrl: string): CloudWatchClient {
  return new CloudWatchClient({
    endpoint: controlUrl,
    region: topology.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1, // who asks asks again soon, and by then it is another question
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS },
  });
}

/** Each server writes one sample in each period, so the number of samples is the number of servers. */
export function metricReader(client: CloudWatchClient): MetricReader {
  return {
    read: async (now, periodSeconds, count) => {
      const periodMs = periodSeconds * 1_000;
      const endMs = Math.floor(now.getTime() / periodMs) * periodMs;
      const startMs = endMs - count * periodMs;
      const answer = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(startMs),
          EndTime: new Date(endMs),
          MetricDataQueries: [query("value", "Average", periodSeconds), query("servers", "SampleCount", periodSeconds)],
        }),
      );
      const values = byTime(answer.MetricDataResults?.find((one) => one.Id === "value"));
      const servers = byTime(answer.MetricDataResults?.find((one) => one.Id === "servers"));
      return Array.from({ length: count }, (_, index) => {
        const atMs = startMs + index * periodMs;
        const [value, samples] = [values.get(atMs), servers.get(atMs)];
        return value === undefined || samples === undefined ? undefined : { value, servers: samples };
      });
    },
  };
}

function query(id: string, statistic: string, periodSeconds: number) {
  const { namespace, name, dimensions } = topology.autoscaling.metric;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: name, Dimensions };
  return { Id: id, MetricStat: { Metric, Period: periodSeconds, Stat: statistic } };
}

interface Series {
  readonly Timestamps?: readonly Date[] | undefined;
  readonly Values?: readonly number[] | undefined;
}

function byTime(series: Series | undefined): ReadonlyMap<number, number> {
  const values = series?.Values ?? [];
  return new Map(series?.Timestamps?.map((at, index) => [at.getTime(), values[index] ?? 0]));
}
