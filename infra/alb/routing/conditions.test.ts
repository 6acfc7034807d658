import { expect, test } from "vitest";
import type { Condition } from "../model/types.ts";
import { compileConditions, parseCidr } from "./conditions.ts";
import type { RequestFacts } from "./facts.ts";

const request: RequestFacts = {
  method: "GET",
  host: "www.example.com",
  path: "/Play/room",
  query: "Mode=Fast&x",
  rawHeaders: ["User-Agent", "Chrome/1", "X-Tag", "one", "x-tag", "two"],
  sourceIp: "10.1.2.3",
};

const holds = (condition: Condition, facts: Partial<RequestFacts> = {}) =>
  compileConditions([condition])({ ...request, ...facts });

test("ALB-41: host-header ignores case and knows wildcards", () => {
  const condition: Condition = { Field: "host-header", HostHeaderConfig: { Values: ["*.EXAMPLE.com"] } };
  expect(holds(condition)).toBe(true);
  expect(holds(condition, { host: "example.com" })).toBe(false);
});

test("ALB-41: path-pattern minds case and does not see the query", () => {
  const on = (value: string): Condition => ({ Field: "path-pattern", PathPatternConfig: { Values: [value] } });
  expect(holds(on("/Play/*"))).toBe(true);
  expect(holds(on("/play/*"))).toBe(false);
  expect(holds(on("*Mode*"))).toBe(false);
});

test("ALB-41: http-header looks at every instance of the header", () => {
  const on = (name: string, value: string): Condition => ({
    Field: "http-header",
    HttpHeaderConfig: { HttpHeaderName: name, Values: [value] },
  });
  expect(holds(on("x-TAG", "TWO"))).toBe(true);
  expect(holds(on("x-tag", "three"))).toBe(false);
  expect(holds(on("user-agent", "*chrome*"))).toBe(true);
});

test("ALB-41: query-string matches key and value of one pair, without regard to case", () => {
  const on = (pair: { Key?: string; Value: string }): Condition => ({
    Field: "query-string",
    QueryStringConfig: { Values: [pair] },
  });
  expect(holds(on({ Key: "mode", Value: "f*" }))).toBe(true);
  expect(holds(on({ Key: "x", Value: "fast" }))).toBe(false);
  expect(holds(on({ Value: "fast" }))).toBe(true);
  expect(holds(on({ Value: "*" }), { query: "" })).toBe(false);
});

test("ALB-41: http-request-method is exact", () => {
  const on: Condition = { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET", "HEAD"] } };
  expect(holds(on)).toBe(true);
  expect(holds(on, { method: "get" })).toBe(false);
});

test("ALB-41: source-ip looks at the TCP peer, in IPv4 and IPv6", () => {
  const on: Condition = { Field: "source-ip", SourceIpConfig: { Values: ["10.1.0.0/16", "fd00::/8"] } };
  expect(holds(on)).toBe(true);
  expect(holds(on, { sourceIp: "10.2.0.1" })).toBe(false);
  expect(holds(on, { sourceIp: "fd12::1" })).toBe(true);
});

test("ALB-41: all conditions of a rule must hold", () => {
  const path: Condition = { Field: "path-pattern", PathPatternConfig: { Values: ["/Play/*"] } };
  const method: Condition = { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["POST"] } };
  expect(compileConditions([path, method])(request)).toBe(false);
});

test("ALB-48: path-pattern looks at the normal form of the path", () => {
  const on: Condition = { Field: "path-pattern", PathPatternConfig: { Values: ["/admin/*"] } };
  expect(holds(on, { path: "/x/../%61dmin/y" })).toBe(true);
  expect(holds(on, { path: "/admin/../x" })).toBe(false);
});

test("ALB-47: regular expressions match anywhere, with case for paths and without for hosts and headers", () => {
  const path = (source: string): Condition => ({ Field: "path-pattern", PathPatternConfig: { RegexValues: [source] } });
  expect(holds(path("^/Play/(room|hall)$"))).toBe(true);
  expect(holds(path("ro+m"))).toBe(true);
  expect(holds(path("^/play"))).toBe(false);
  const host: Condition = { Field: "host-header", HostHeaderConfig: { RegexValues: ["^WWW\\.", "never"] } };
  expect(holds(host)).toBe(true);
  const header: Condition = {
    Field: "http-header",
    HttpHeaderConfig: { HttpHeaderName: "X-Tag", RegexValues: ["^TWO$"] },
  };
  expect(holds(header)).toBe(true);
  expect(holds(header, { rawHeaders: [] })).toBe(false);
});

test("ALB-47: a text made to hang an expression does not", () => {
  const on: Condition = { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/(a+)+$"] } };
  expect(holds(on, { path: `/${"a".repeat(16_000)}!` })).toBe(false);
});

test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.0/8/8", "::1/129", "x/8", "10.0.0.0/-1"])(
  "%s is not a CIDR block",
  (value) => {
    expect(parseCidr(value)).toBeUndefined();
  },
);
