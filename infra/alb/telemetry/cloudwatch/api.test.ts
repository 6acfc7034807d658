import { gzipSync } from "node:zlib";
import { decode, encode, Tagged } from "cborg";
import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { limits } from "../../limits.ts";
import { atS, newApi, players, startMs, statistics } from "../../testing/cloudwatch.ts";
import type { HttpAnswer } from "./protocol.ts";

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
