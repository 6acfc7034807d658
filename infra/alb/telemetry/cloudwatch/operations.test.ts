import { expect, test } from "vitest";
import { limits } from "../../limits.ts";
import { atS, data, newApi, players, query, refusalOf, stat, statistics } from "../../testing/cloudwatch.ts";

test("ALB-86: what was put comes back, with every statistic", () => {
  const { json, put } = newApi();
  expect(put({ ...players, Value: 4, Unit: "Count" }, { ...players, Values: [1, 10], Counts: [2, 1] }).status).toBe(
    200,
  );
  const asked = { ...statistics, Statistics: ["SampleCount", "Sum", "Average", "Minimum", "Maximum"] };
  expect(json("GetMetricStatistics", asked).body).toEqual({
    Label: "Players",
    Datapoints: [{ Timestamp: atS, SampleCount: 4, Sum: 16, Average: 4, Minimum: 1, Maximum: 10, Unit: "Count" }],
  });
  const { Statistics: _, ...extended } = { ...asked, ExtendedStatistics: ["p100", "p0"] };
  const [point] = json("GetMetricStatistics", extended).body.Datapoints;
  expect(point.ExtendedStatistics.p100).toBeCloseTo(10);
  expect(point.ExtendedStatistics.p0).toBeCloseTo(1, 1);
});

test("ALB-86: a statistic set adds up, and leaves no percentile", () => {
  const { json, put } = newApi();
  put({ ...players, StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 1, Maximum: 5 } }, { ...players, Value: 9 });
  const values = (Stat: string) =>
    json("GetMetricData", data(query("m", { MetricStat: stat({ Stat }) }))).body.MetricDataResults[0].Values;
  expect([values("Average"), values("Maximum"), values("p50")]).toEqual([[5], [9], []]);
});

test("ALB-86: values are filed under their own time, and under their second with StorageResolution 1", () => {
  const { json, put } = newApi();
  put({ ...players, Value: 1, Timestamp: atS - 3_600 }, { ...players, Value: 2, Timestamp: atS, StorageResolution: 1 });
  const asked = { ...statistics, StartTime: atS - 7_200 };
  expect(json("GetMetricStatistics", asked).body.Datapoints.map((each: { Sum: number }) => each.Sum)).toEqual([1, 2]);
  const bySecond = json("GetMetricStatistics", { ...statistics, Period: 1 });
  expect(bySecond.body.Datapoints).toEqual([{ Timestamp: atS, Sum: 2, Unit: "None" }]);
});

test("ALB-84: GetMetricData answers in the order that was asked for, newest first by default, in pages", () => {
  const { json, put } = newApi();
  put(...[0, 1, 2, 3, 4].map((minute) => ({ ...players, Value: minute, Timestamp: atS - minute * 60 })));
  const asked = { ...data(query("a"), query("b", { Label: "B" })), StartTime: atS - 600, MaxDatapoints: 4 };
  const first = json("GetMetricData", asked).body;
  expect(first.MetricDataResults).toEqual([
    {
      ...{ Id: "a", Label: "Players", StatusCode: "PartialData", Values: [0, 1, 2, 3] },
      Timestamps: [0, 1, 2, 3].map((minute) => atS - minute * 60),
    },
  ]);
  const second = json("GetMetricData", { ...asked, NextToken: first.NextToken }).body;
  const told = second.MetricDataResults.map((each: { Id: string; Label: string; Values: number[] }) => [
    ...[each.Id, each.Label, each.Values],
  ]);
  expect(told).toEqual([
    ["a", "Players", [4]],
    ["b", "B", [0, 1, 2]],
  ]);
  const third = json("GetMetricData", { ...asked, NextToken: second.NextToken }).body;
  expect([third.MetricDataResults[0].Values, third.NextToken]).toEqual([[3, 4], undefined]);
  const ascending = json("GetMetricData", { ...asked, MaxDatapoints: 100, ScanBy: "TimestampAscending" }).body;
  expect(ascending.MetricDataResults[0].Values).toEqual([4, 3, 2, 1, 0]);
});

test("ALB-84: a unit that is not the metric's finds nothing, and neither does a metric that is not there", () => {
  const { json, put } = newApi();
  put({ ...players, Value: 1, Unit: "Count" });
  const values = (more: object) =>
    json("GetMetricData", data(query("m", { MetricStat: stat(more) }))).body.MetricDataResults[0].Values;
  expect([values({ Unit: "Count" }), values({ Unit: "Bytes" })]).toEqual([[1], []]);
  expect(values({ Metric: { Namespace: "Game", MetricName: "Players" } })).toEqual([]);
  expect(json("GetMetricStatistics", { ...statistics, Unit: "Bytes" }).body.Datapoints).toEqual([]);
});

test("ALB-84: ListMetrics filters by namespace, name, dimensions and activity, in pages of 500", () => {
  const { clock, history, json } = newApi();
  for (let i = 0; i < limits.maxListedMetrics + 1; i++) {
    const dimensions = { Server: `s${i}`, ...(i === 7 && { Zone: "a" }) };
    history.series({ namespace: "Game", name: "Players", dimensions }, { unit: "Count", kind: "samples" }).add(1);
  }
  const list = (input: object = {}) => json("ListMetrics", input).body;
  const first = list({ Namespace: "Game", MetricName: "Players" });
  const second = list({ NextToken: first.NextToken });
  expect([first.Metrics.length, second.Metrics.length, second.NextToken]).toEqual([500, 1, undefined]);
  const seven = [
    {
      Namespace: "Game",
      MetricName: "Players",
      Dimensions: [
        { Name: "Server", Value: "s7" },
        { Name: "Zone", Value: "a" },
      ],
    },
  ];
  expect(list({ Dimensions: [{ Name: "Zone" }] }).Metrics).toEqual(seven);
  expect(list({ Dimensions: [{ Name: "Server", Value: "s7" }] }).Metrics).toEqual(seven);
  expect(list({ Namespace: "Other" }).Metrics).toEqual([]);
  clock.advance(3 * 3_600_000 + 1);
  expect(list({ RecentlyActive: "PT3H" }).Metrics).toEqual([]);
  expect(list({ Dimensions: [{ Name: "Zone" }] }).Metrics).toEqual(seven);
});

const { Period: _period, ...noPeriod } = statistics;
const { Statistics: _statistics, ...noStatistics } = statistics;

test.each<[string, object, string, RegExp]>([
  ["GetMetricStatistics", noPeriod, "MissingParameter", /^The parameter Period is required\.$/],
  ["GetMetricStatistics", { ...statistics, Period: 61 }, "InvalidParameterValue", /Period .*multiple of 60/],
  ["GetMetricStatistics", { ...statistics, EndTime: atS }, "InvalidParameterValue", /StartTime must be less than/],
  ["GetMetricStatistics", { ...statistics, StartTime: "soon" }, "InvalidParameterValue", /StartTime/],
  ["GetMetricStatistics", noStatistics, "InvalidParameterCombination", /Statistics/],
  ["GetMetricStatistics", { ...statistics, ExtendedStatistics: ["p1"] }, "InvalidParameterCombination", /not both/],
  ["GetMetricStatistics", { ...statistics, Statistics: ["Mean"] }, "InvalidParameterValue", /value Mean/],
  ["GetMetricStatistics", { ...noStatistics, ExtendedStatistics: ["tm90"] }, "InvalidParameterValue", /value tm90/],
  ["GetMetricStatistics", { ...noStatistics, ExtendedStatistics: ["p101"] }, "InvalidParameterValue", /value p101/],
  [
    ...([
      "GetMetricStatistics",
      { ...statistics, StartTime: atS - 86_400 * 2 },
      "InvalidParameterCombination",
    ] as const),
    /^You have requested up to 2,881 datapoints, which exceeds the limit of 1,440\. You may reduce/,
  ],
  ["GetMetricStatistics", { ...statistics, Unit: "Boats" }, "InvalidParameterValue", /parameter Unit/],
  ["GetMetricStatistics", { ...statistics, Colour: "red" }, "InvalidParameterValue", /parameter Colour is not known/],
  ["GetMetricStatistics", { ...statistics, Namespace: ":x" }, "InvalidParameterValue", /Namespace/],
  ["GetMetricData", data(), "ValidationError", /MetricDataQueries/],
  ["GetMetricData", data(query("m", { Expression: "m*2" })), "ValidationError", /'m': metric math is not supported/],
  ["GetMetricData", data({ Id: "m" }), "ValidationError", /'m' needs a MetricStat/],
  ["GetMetricData", data(query("M")), "ValidationError", /'M' for parameter Id/],
  ["GetMetricData", data(query("m"), query("m")), "ValidationError", /not unique: 'm'/],
  ["GetMetricData", data(query("m", { ReturnData: false })), "ValidationError", /ReturnData/],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudWatch's labels have placeholders of this form
  ["GetMetricData", data(query("m", { Label: "max ${MAX}" })), "ValidationError", /dynamic labels/],
  ["GetMetricData", data(query("m", { AccountId: "1" })), "ValidationError", /member\.1\.AccountId/],
  ["GetMetricData", data(query("m", { MetricStat: stat({ Stat: "TM(1%:)" }) })), "ValidationError", /parameter Stat/],
  ["GetMetricData", { ...data(query("m")), NextToken: "!" }, "InvalidNextToken", /NextToken/],
  ["GetMetricData", { ...data(query("m")), EndTime: atS }, "ValidationError", /StartTime must be less than/],
  ["GetMetricData", { ...data(query("m")), MaxDatapoints: 0 }, "ValidationError", /MaxDatapoints/],
  ["ListMetrics", { RecentlyActive: "PT1H" }, "InvalidParameterValue", /RecentlyActive/],
  ["ListMetrics", { IncludeLinkedAccounts: true }, "InvalidParameterValue", /linked accounts/],
  ["ListMetrics", { OwningAccount: "1" }, "InvalidParameterValue", /OwningAccount/],
  ["ListMetrics", { NextToken: "!" }, "InvalidParameterValue", /NextToken/],
  ["DescribeAlarms", {}, "InvalidAction", /'DescribeAlarms'/],
])("ALB-84: %s with %j is refused with %s", (operation, input, code, sentence) => {
  const refusal = refusalOf(newApi().json(operation, input));
  expect(refusal).toMatchObject({ status: 400, code });
  expect(refusal.message).toMatch(sentence);
});

test.each<[object, string, RegExp]>([
  [{ ...players }, "MissingParameter", /MetricData\.member\.2\.Value/],
  [{ ...players, Value: 1, Values: [1] }, "InvalidParameterCombination", /mutually exclusive/],
  [{ ...players, Values: [1, 2], Counts: [1] }, "InvalidParameterCombination", /same size/],
  [{ ...players, Values: [1], Counts: [0] }, "InvalidParameterValue", /Counts/],
  [{ ...players, Value: 1e300 }, "InvalidParameterValue", /2\^360/],
  [{ ...players, Value: 1, Timestamp: atS - 7 * 3_600 }, "InvalidParameterValue", /6 hours/],
  [{ ...players, Value: 1, Timestamp: atS + 3 * 3_600 }, "InvalidParameterValue", /two hours/],
  [{ ...players, Value: 1, StorageResolution: 5 }, "InvalidParameterValue", /StorageResolution/],
  [{ Value: 1 }, "MissingParameter", /MetricData\.member\.2\.MetricName/],
  [
    { ...players, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 2, Maximum: 1 } },
    ...(["InvalidParameterCombination", /Minimum/] as const),
  ],
  [
    { MetricName: "M", Dimensions: [players.Dimensions[0], players.Dimensions[0]], Value: 1 },
    ...(["InvalidParameterValue", /dimension twice/] as const),
  ],
])("ALB-86: a datum %j is refused with %s, and nothing of its call is taken", (datum, code, sentence) => {
  const { json, put } = newApi();
  const refusal = refusalOf(put({ ...players, Value: 1 }, datum));
  expect(refusal).toMatchObject({ status: 400, code });
  expect(refusal.message).toMatch(sentence);
  expect(json("ListMetrics", {}).body.Metrics).toEqual([]);
});

test("ALB-86: AWS's namespaces, entities and more metrics than are kept are refused", () => {
  const { json } = newApi();
  const put = (input: object) => refusalOf(json("PutMetricData", input));
  const MetricData = [{ MetricName: "M", Value: 1 }];
  expect(put({ Namespace: "AWS/ApplicationELB", MetricData })).toMatchObject({ code: "InvalidParameterValue" });
  expect(put({ Namespace: "Game", MetricData, EntityMetricData: [] }).message).toContain("EntityMetricData");
  const many = (from: number) => Array.from({ length: 1_000 }, (_, i) => ({ MetricName: `M${from + i}`, Value: 1 }));
  expect(put({ Namespace: "Game", MetricData: many(0) })).toMatchObject({ status: 200 });
  expect(put({ Namespace: "Game", MetricData: many(1_000) })).toMatchObject({ status: 200 });
  expect(put({ Namespace: "Game", MetricData })).toMatchObject({ code: "LimitExceeded" });
});
