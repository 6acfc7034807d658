import { gzipSync } from "node:zlib";
import { decode, encode, Tagged } from "cborg";
import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { limits } from "../../limits.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { MetricHistory } from "../metric-history.ts";
import { CloudWatchApi } from "./api.ts";
import type { HttpAnswer, HttpCall } from "./protocol.ts";

const startMs = 1_800_000_000_000;
const atS = startMs / 1_000;

function newApi() {
  const clock = new VirtualClock(startMs + 30_000);
  const history = new MetricHistory(clock);
  const api = new CloudWatchApi({ history, nowMs: () => clock.nowMs() }, () => "id");
  const post = (call: Partial<HttpCall>) => api.answer({ path: "/", headers: {}, body: Buffer.alloc(0), ...call })!;
  const json = (operation: string, input: unknown) => {
    const headers = { "x-amz-target": `GraniteServiceVersion20100801.${operation}` };
    const answer = post({ headers, body: Buffer.from(JSON.stringify(input)) });
    return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body.toString()) };
  };
  const put = (...data: object[]) => json("PutMetricData", { Namespace: "Game", MetricData: data });
  return { api, clock, history, post, json, put };
}

const players = { MetricName: "Players", Dimensions: [{ Name: "Server", Value: "s1" }] };
const range = { StartTime: atS, EndTime: atS + 60 };
const statistics = { Namespace: "Game", ...players, ...range, Period: 60, Statistics: ["Sum"] };
const stat = (more: object = {}) => ({ Metric: { Namespace: "Game", ...players }, Period: 60, Stat: "Sum", ...more });
const query = (Id: string, more: object = {}) => ({ Id, MetricStat: stat(), ...more });
const data = (...MetricDataQueries: object[]) => ({ ...range, MetricDataQueries });
const refusalOf = ({ status, headers, body }: ReturnType<ReturnType<typeof newApi>["json"]>) => ({
  status,
  code: headers["x-amzn-query-error"]?.split(";")[0],
  message: body.message,
});

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

describe("ALB-84: the API speaks", () => {
  test("Smithy RPC v2 with CBOR, in which times are tagged and all numbers are doubles", () => {
    const { post, put } = newApi();
    put({ ...players, Value: 3 });
    const cbor = (operation: string, input: unknown) =>
      post({ path: `/service/GraniteServiceVersion20100801/operation/${operation}`, body: Buffer.from(encode(input)) });
    const tagged = { ...statistics, StartTime: new Tagged(1, atS), EndTime: new Tagged(1, atS + 60) };
    const answer = cbor("GetMetricStatistics", tagged);
    expect(answer.headers).toMatchObject({ "Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" });
    const tags = { 1: (content: () => unknown) => `time ${content()}` };
    expect(decode(answer.body, { tags })).toEqual({
      Label: "Players",
      Datapoints: [{ Timestamp: `time ${atS}`, Sum: 3, Unit: "None" }],
    });
    expect(answer.body.includes(Buffer.from("fb4008000000000000", "hex"))).toBe(true);
    const refused = cbor("ListMetrics", { OwningAccount: "1" });
    expect([refused.status, decode(refused.body)]).toEqual([
      400,
      expect.objectContaining({ __type: "com.amazonaws.cloudwatch#InvalidParameterValueException" }),
    ]);
  });

  test("the Query protocol, with lists of members and XML", () => {
    const { post, put } = newApi();
    put({ ...players, Value: 3 });
    const call = (parameters: Record<string, string>): { status: number; xml: Record<string, never> } => {
      const body = Buffer.from(new URLSearchParams({ Version: "2010-08-01", ...parameters }).toString());
      const answer: HttpAnswer = post({ body });
      return { status: answer.status, xml: new XMLParser().parse(answer.body.toString()) };
    };
    const parameters = {
      ...{ Action: "GetMetricStatistics", Namespace: "Game", MetricName: "Players", Period: "60" },
      ...{ "Dimensions.member.1.Name": "Server", "Dimensions.member.1.Value": "s1" },
      ...{ StartTime: new Date(startMs).toISOString(), EndTime: new Date(startMs + 60_000).toISOString() },
    };
    const { status, xml } = call({ ...parameters, "ExtendedStatistics.member.1": "p50" });
    expect(status).toBe(200);
    expect(xml).toMatchObject({
      GetMetricStatisticsResponse: {
        GetMetricStatisticsResult: {
          Datapoints: {
            member: { Timestamp: "2027-01-15T08:00:00.000Z", ExtendedStatistics: { entry: { key: "p50", value: 3 } } },
          },
        },
      },
    });
    const refused = call(parameters);
    expect([refused.status, refused.xml]).toMatchObject([
      400,
      { ErrorResponse: { Error: { Type: "Sender", Code: "InvalidParameterCombination" } } },
    ]);
  });

  test("to nobody else's calls", () => {
    const { api } = newApi();
    const call = { path: "/", headers: {}, body: Buffer.from("Action=DescribeRules&Version=2015-12-01") };
    expect(api.answer(call)).toBeUndefined();
  });
});

test("ALB-84: a call of endless depth is refused like any other", () => {
  const { post } = newApi();
  const path = "/service/GraniteServiceVersion20100801/operation/ListMetrics";
  expect(post({ path, body: Buffer.alloc(200_000, 0x81) }).status).toBe(400);
  const headers = { "x-amz-target": "GraniteServiceVersion20100801.ListMetrics" };
  const json = `{"Dimensions":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  expect(post({ headers, body: Buffer.from(json) }).status).toBe(400);
});

test("ALB-84: a compressed call is unpacked, but not without end", () => {
  const { post } = newApi();
  const headers = { "x-amz-target": "GraniteServiceVersion20100801.ListMetrics", "content-encoding": "gzip" };
  const call = (body: Buffer) => post({ headers, body }).status;
  expect(call(gzipSync("{}"))).toBe(200);
  expect(call(gzipSync(Buffer.alloc(limits.maxUnpackedControlBodyBytes + 1, " ")))).toBe(400);
  expect(call(Buffer.from("no gzip"))).toBe(400);
  expect(post({ headers: { ...headers, "content-encoding": "br" } }).status).toBe(400);
});

test("ALB-84: whatever bytes and values come, the answer is one of the protocol, never a fault", () => {
  const { post } = newApi();
  const operation = fc.constantFrom("GetMetricData", "GetMetricStatistics", "ListMetrics", "PutMetricData");
  const name = fc.constantFrom(
    ...["Namespace", "MetricName", "Dimensions", "StartTime", "EndTime", "Period", "Statistics", "MetricData", "Name"],
    ...[
      "MetricDataQueries",
      "Id",
      "MetricStat",
      "Metric",
      "Stat",
      "Value",
      "Values",
      "NextToken",
      "__proto__",
      "toString",
    ],
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom(atS, atS + 60, "Game", "p50", "Sum", null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(name, tie("any"), { maxKeys: 8, noNullPrototype: true }),
    ),
  })).any;
  fc.assert(
    fc.property(operation, value, fc.uint8Array({ maxLength: 64 }), (name, input, bytes) => {
      const target = { "x-amz-target": `GraniteServiceVersion20100801.${name}` };
      const path = `/service/GraniteServiceVersion20100801/operation/${name}`;
      const form = `Version=2010-08-01&Action=${name}&${Buffer.from(bytes).toString("latin1")}`;
      const answers = [
        post({ headers: target, body: Buffer.from(JSON.stringify(input) ?? "") }),
        post({ headers: target, body: Buffer.from(bytes) }),
        post({ path, body: Buffer.from(encode(input)) }),
        post({ path, body: Buffer.from(bytes) }),
        post({ body: Buffer.from(form) }),
      ];
      for (const { status } of answers) expect([200, 400]).toContain(status);
    }),
    { seed: 84, numRuns: 300 },
  );
  expect(({} as Record<string, unknown>).Name).toBeUndefined();
});
