// The CloudWatch API as AWS's own tools see it: the SDK for JavaScript, and the `aws` command where it is installed.

import { execFile } from "node:child_process";
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { shortName } from "../../model/arns.ts";
import { startApi } from "../../testing/api.ts";
import { closeAfterEach } from "../../testing/cleanup.ts";
import { setUpSdk } from "../../testing/sdk.ts";

const keep = closeAfterEach();
const rangeMs = 300_000;
const range = () => ({ StartTime: new Date(Date.now() - rangeMs), EndTime: new Date(Date.now() + 60_000) });

function client(url: string, more: Partial<CloudWatchClientConfig> = {}) {
  const created = new CloudWatchClient({
    ...{ endpoint: url, region: "us-east-1", maxAttempts: 1 },
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    ...more,
  });
  keep({ close: () => created.destroy() });
  return created;
}

test("ALB-84: the SDK lists and reads the metrics of requests that were just made", async () => {
  const { api, lb, newGroup, newListener } = await setUpSdk(keep);
  const { Port } = await newListener(await newGroup("tg"));
  expect((await fetch(`http://127.0.0.1:${Port}/`)).status).toBe(503);
  const cloudWatch = client(api.url);
  const Dimensions = [{ Name: "LoadBalancer", Value: shortName(lb.LoadBalancerArn!) }];
  const metric = { Namespace: "AWS/ApplicationELB", MetricName: "HTTPCode_ELB_503_Count", Dimensions };
  const { Metrics } = await cloudWatch.send(new ListMetricsCommand({ Namespace: metric.Namespace, Dimensions }));
  expect(Metrics).toContainEqual(metric);
  const queries = [{ Id: "errors", MetricStat: { Metric: metric, Period: 60, Stat: "Sum" } }];
  const data = await cloudWatch.send(new GetMetricDataCommand({ ...range(), MetricDataQueries: queries }));
  expect(data.MetricDataResults).toMatchObject([{ Id: "errors", Values: [1], StatusCode: "Complete" }]);
  expect(data.MetricDataResults![0]!.Timestamps![0]).toBeInstanceOf(Date);
  const statistics = { ...metric, ...range(), Period: 60, Statistics: ["Sum" as const] };
  const { Datapoints } = await cloudWatch.send(new GetMetricStatisticsCommand(statistics));
  expect(Datapoints).toMatchObject([{ Sum: 1, Unit: "Count" }]);
});

test("ALB-86: the SDK puts metrics, compressed when they are many, and reads them back", async () => {
  const cloudWatch = client(keep(await startApi()).url);
  const MetricData = Array.from({ length: 300 }, (_, i) => ({
    ...{ MetricName: "Players", Value: i, Unit: "Count" as const },
    Dimensions: [{ Name: "Server", Value: `server-${i}-${"x".repeat(60)}` }],
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: "Game", MetricData }));
  const { Metrics } = await cloudWatch.send(new ListMetricsCommand({ Namespace: "Game" }));
  expect(Metrics).toHaveLength(300);
  const { Value: _, Unit: _unit, ...last } = MetricData[299]!;
  const wanted = { Namespace: "Game", ...last, ...range(), Period: 60, ExtendedStatistics: ["p99"] };
  const { Datapoints } = await cloudWatch.send(new GetMetricStatisticsCommand(wanted));
  expect(Datapoints![0]!.ExtendedStatistics!.p99).toBe(299);
});

test("ALB-84: the SDK knows our refusals by their names", async () => {
  const cloudWatch = client(keep(await startApi()).url);
  const Metric = { Namespace: "Game", MetricName: "Players" };
  const call = { ...Metric, ...range(), Period: 61, Statistics: ["Sum" as const] };
  await expect(cloudWatch.send(new GetMetricStatisticsCommand(call))).rejects.toMatchObject({
    ...{ name: "InvalidParameterValueException", $fault: "client" },
    message: expect.stringContaining("multiple of 60"),
  });
  const MetricDataQueries = [{ Id: "m", Expression: "1 + 1" }];
  await expect(cloudWatch.send(new GetMetricDataCommand({ ...range(), MetricDataQueries }))).rejects.toMatchObject({
    message: expect.stringContaining("metric math is not supported"),
  });
});

const environment = {
  ...process.env,
  ...{ AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any", AWS_DEFAULT_REGION: "us-east-1", AWS_PAGER: "" },
  ...{ AWS_MAX_ATTEMPTS: "1", AWS_EC2_METADATA_DISABLED: "true" },
};

function run(...args: string[]) {
  return new Promise<{ code: number; out: string; error: string }>((resolve) => {
    execFile("aws", args, { env: environment, timeout: 60_000 }, (failed, out, error) =>
      resolve({ code: failed ? Number(failed.code) || 1 : 0, out, error }),
    );
  });
}

const hasAws = (await run("--version")).code === 0;

test.skipIf(!hasAws)(
  "ALB-84: the aws command puts, lists and reads metrics, and prints our refusals",
  { timeout: 120_000 },
  async () => {
    const { url, client: elb } = keep(await startApi());
    await elb.send(new CreateLoadBalancerCommand({ Name: "game", Subnets: ["subnet-1", "subnet-2"] }));
    const aws = async (...args: string[]) => {
      const { code, out, error } = await run("cloudwatch", ...args, "--endpoint-url", url, "--output", "json");
      return code === 0 ? JSON.parse(out || "{}") : error.trim();
    };
    const named = ["--namespace", "Game", "--metric-name", "Players"];
    await aws("put-metric-data", ...named, "--value", "12", "--unit", "Count", "--dimensions", "Server=s1");
    const Dimensions = [{ Name: "Server", Value: "s1" }];
    const listed = await aws("list-metrics", ...named);
    expect(listed).toEqual({ Metrics: [{ Namespace: "Game", MetricName: "Players", Dimensions }] });

    const { StartTime, EndTime } = range();
    const times = ["--start-time", StartTime.toISOString(), "--end-time", EndTime.toISOString()];
    const read = (period: string) =>
      aws(
        ...["get-metric-statistics", ...named, "--dimensions", "Name=Server,Value=s1", ...times],
        ...["--period", period, "--statistics", "Sum", "Maximum"],
      );
    expect(await read("60")).toMatchObject({ Label: "Players", Datapoints: [{ Sum: 12, Maximum: 12, Unit: "Count" }] });
    expect(await read("61")).toMatch(
      /\(InvalidParameterValue\) when calling the GetMetricStatistics operation: .*Period/,
    );

    const Metric = { Namespace: "Game", MetricName: "Players", Dimensions };
    const queries = [{ Id: "m1", MetricStat: { Metric, Period: 60, Stat: "p90" } }];
    const found = await aws("get-metric-data", ...times, "--metric-data-queries", JSON.stringify(queries));
    expect(found.MetricDataResults).toMatchObject([
      { Id: "m1", Label: "Players", Values: [12], StatusCode: "Complete" },
    ]);
    const math = [{ Id: "e1", Expression: "1 + 1" }];
    const refused = await aws("get-metric-data", ...times, "--metric-data-queries", JSON.stringify(math));
    expect(refused).toMatch(/\(ValidationError\) when calling the GetMetricData operation: Expression of 'e1'/);
    expect(await aws("describe-alarms")).toMatch(/'DescribeAlarms' is not known or not supported/);
  },
);
