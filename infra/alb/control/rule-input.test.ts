import { expect, test } from "vitest";
import type { State } from "../model/store.ts";
import { forwardTo, group, groupArn, stateOf } from "../testing/fixtures.ts";
import { actionList, readActions } from "./actions.ts";
import { conditionList, readConditions } from "./conditions.ts";
import { parseQuery, readInput } from "./query.ts";
import { required } from "./shape.ts";
import { readTransforms, transformList } from "./transforms.ts";

const state: State = stateOf({ groups: [group("a", []), group("b", [])], defaultAction: forwardTo(["a", 1]) });
const g = (name: string) => encodeURIComponent(groupArn(name));

function readAction(parameters: string, protocol = "HTTP") {
  const body = parameters.replace(/(^|&)/g, "$1A.member.1.");
  const { A } = readInput({ A: required(actionList) }, parseQuery(body).parameters);
  return readActions(A, state, protocol)[0];
}

function readCondition(...conditions: string[]) {
  const body = conditions.map((each, i) => each.replace(/(^|&)/g, `$1C.member.${i + 1}.`)).join("&");
  const { C } = readInput({ C: required(conditionList) }, parseQuery(body).parameters);
  return readConditions(C);
}

test("ALB-43: a forward is completed: weights default to one, a single group may be named outside", () => {
  expect(readAction(`Type=forward&TargetGroupArn=${g("a")}`)).toEqual(forwardTo(["a", 1]));
  const weighted =
    `Type=forward&ForwardConfig.TargetGroups.member.1.TargetGroupArn=${g("a")}&ForwardConfig.TargetGroups.member.1.Weight=9` +
    `&ForwardConfig.TargetGroups.member.2.TargetGroupArn=${g("b")}`;
  expect(readAction(weighted)).toEqual(forwardTo(["a", 9], ["b", 1]));
});

test("ALB-44: a redirect is completed with AWS's placeholders", () => {
  expect(readAction("Type=redirect&RedirectConfig.Protocol=HTTPS&RedirectConfig.StatusCode=HTTP_301")).toMatchObject({
    RedirectConfig: { Protocol: "HTTPS", Port: "#{port}", Host: "#{host}", Path: "/#{path}", Query: "#{query}" },
  });
});

test("ALB-45: a fixed response keeps its code, type and body", () => {
  const config = "FixedResponseConfig";
  expect(
    readAction(
      `Type=fixed-response&${config}.StatusCode=503&${config}.ContentType=text/html&${config}.MessageBody=soon`,
    ),
  ).toMatchObject({ FixedResponseConfig: { StatusCode: "503", ContentType: "text/html", MessageBody: "soon" } });
});

test.each([
  ["no group", "Type=forward", "A target group must be specified"],
  ["a group that is not there", "Type=forward&TargetGroupArn=arn:x", "Target group 'arn:x' not found"],
  [
    "a config of another type",
    `Type=forward&TargetGroupArn=${g("a")}&RedirectConfig.StatusCode=HTTP_301`,
    "RedirectConfig cannot",
  ],
  ["a redirect without config", "Type=redirect", "A RedirectConfig must be specified"],
  ["a redirect to itself", "Type=redirect&RedirectConfig.StatusCode=HTTP_301", "at least one of"],
  [
    "a redirect code of its own",
    "Type=redirect&RedirectConfig.StatusCode=HTTP_307",
    "enum value set: [HTTP_301, HTTP_302]",
  ],
  [
    "a redirect to port 65536",
    "Type=redirect&RedirectConfig.StatusCode=HTTP_301&RedirectConfig.Port=65536",
    "'1-65535'",
  ],
  [
    "a redirect path without a slash",
    "Type=redirect&RedirectConfig.StatusCode=HTTP_301&RedirectConfig.Path=a",
    "pattern",
  ],
  [
    "a redirect path of 129 characters",
    `Type=redirect&RedirectConfig.StatusCode=HTTP_301&RedirectConfig.Path=/${"a".repeat(128)}`,
    "128",
  ],
  [
    "a fixed response of 1025 characters",
    `Type=fixed-response&FixedResponseConfig.StatusCode=200&FixedResponseConfig.MessageBody=${"a".repeat(1025)}`,
    "1024",
  ],
  ["a fixed response of 302", "Type=fixed-response&FixedResponseConfig.StatusCode=302", "'302'"],
  [
    "a weight over 999",
    `Type=forward&ForwardConfig.TargetGroups.member.1.TargetGroupArn=${g("a")}&ForwardConfig.TargetGroups.member.1.Weight=1000`,
    "equal to 999",
  ],
  ["authentication", "Type=authenticate-oidc", "'authenticate-oidc'"],
  [
    "sticky groups but no duration",
    `Type=forward&TargetGroupArn=${g("a")}&ForwardConfig.TargetGroupStickinessConfig.Enabled=true`,
    "Target group stickiness duration must be between 1 and 604800 seconds",
  ],
])("ALB-91: an action with %s is refused", (_title, parameters, sentence) => {
  expect(() => readAction(parameters)).toThrow(sentence);
});

test("ALB-44: a redirect from HTTPS to HTTP is refused", () => {
  const back = "Type=redirect&RedirectConfig.Protocol=HTTP&RedirectConfig.StatusCode=HTTP_301";
  expect(() => readAction(back, "HTTPS")).toThrow("not allowed");
});

test("ALB-41: conditions come with their values or with their config", () => {
  expect(readCondition("Field=path-pattern&Values.member.1=/a")).toEqual([
    { Field: "path-pattern", PathPatternConfig: { Values: ["/a"] } },
  ]);
  const query = "Field=query-string&QueryStringConfig.Values.member.1.Value=x&QueryStringConfig.Values.member.1.Key=k";
  expect(readCondition(query)).toEqual([
    { Field: "query-string", QueryStringConfig: { Values: [{ Key: "k", Value: "x" }] } },
  ]);
});

const path = (...values: string[]) =>
  `Field=path-pattern&${values.map((value, i) => `Values.member.${i + 1}=${encodeURIComponent(value)}`).join("&")}`;
const regex = (...sources: string[]) =>
  `Field=path-pattern&${sources.map((source, i) => `PathPatternConfig.RegexValues.member.${i + 1}=${encodeURIComponent(source)}`).join("&")}`;
const header = (value: string) =>
  `Field=http-header&HttpHeaderConfig.HttpHeaderName=X&HttpHeaderConfig.Values.member.1=${value}`;

test.each([
  ["an unknown field", ["Field=colour&Values.member.1=red"], "must be one of"],
  ["no value", ["Field=path-pattern"], "A condition value must be specified"],
  ["four values", [path("/a", "/b", "/c", "/d")], "'3' values"],
  ["six values in all", [path("/a", "/b", "/c"), header("1"), header("2"), header("3")], "'5' condition values"],
  ["seven wildcards", [path("/*/*/*/*/*/*/*")], "'6' condition wildcards"],
  ["two paths", [path("/a"), path("/b")], "only have one"],
  ["a host without a dot", ["Field=host-header&Values.member.1=localhost"], "must contain a '.'"],
  ["a host that ends in a digit", ["Field=host-header&Values.member.1=a.b1"], "must contain a '.'"],
  ["a host with a port", ["Field=host-header&Values.member.1=a.com:80"], "invalid characters"],
  ["a host of 129 characters", [`Field=host-header&Values.member.1=${"a".repeat(125)}.com`], "128"],
  ["a path of 129 characters", [path(`/${"a".repeat(128)}`)], "128"],
  ["a header name of 41 characters", [header("x").replace("Name=X", `Name=${"X".repeat(41)}`)], "40"],
  ["a header value of 129 characters", [header("x".repeat(129))], "128"],
  [
    "a method of 41 characters",
    [`Field=http-request-method&HttpRequestMethodConfig.Values.member.1=${"G".repeat(41)}`],
    "40",
  ],
  ["a method with a wildcard", ["Field=http-request-method&HttpRequestMethodConfig.Values.member.1=G*"], "pattern"],
  ["an empty query value", ["Field=query-string&QueryStringConfig.Values.member.1.Value="], "QueryStringConfig"],
  ["characters that are not ASCII", [header("%C3%A9")], "pattern"],
  ["the broadcast address", ["Field=source-ip&SourceIpConfig.Values.member.1=255.255.255.255/32"], "not a valid CIDR"],
  ["two hosts", ["Field=host-header&Values.member.1=a.b", "Field=host-header&Values.member.1=c.d"], "only have one"],
  ["a path with a strange character", [path("/a|b")], "invalid characters"],
  ["a CIDR block that is none", ["Field=source-ip&SourceIpConfig.Values.member.1=10.0.0.1"], "not a valid CIDR"],
  ["the host as http-header", [header("x").replace("Name=X", "Name=Host")], "use host-header"],
  ["a method in small letters", ["Field=http-request-method&HttpRequestMethodConfig.Values.member.1=get"], "pattern"],
  [
    "a regular expression with a fault",
    ["Field=path-pattern&RegexValues.member.1=(?=x)"],
    "regular expression '(?=x)'",
  ],
  ["a Unicode class", [regex("\\pL")], "Unicode character classes"],
  ["a repetition that explodes", [regex("((a{100}){100}){100}")], "invalid repeat count"],
  ["both patterns and expressions", [`${regex("b")}&PathPatternConfig.Values.member.1=a`], "both"],
  ["four expressions", [regex("a", "b", "c", "d")], "'3' values"],
  ["an expression of 129 characters", [regex("a".repeat(129))], "128"],
  ["expressions for a method", ["Field=http-request-method&RegexValues.member.1=G"], "RegexValues cannot"],
])("ALB-91: conditions with %s are refused", (_title, conditions, sentence) => {
  expect(() => readCondition(...conditions)).toThrow(sentence);
});

test("ALB-47: regular expressions come in the config or with the condition itself", () => {
  expect(readCondition(regex("^/a/[0-9]+$"))).toEqual([
    { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/a/[0-9]+$"] } },
  ]);
  expect(readCondition("Field=host-header&RegexValues.member.1=^a")).toEqual([
    { Field: "host-header", HostHeaderConfig: { RegexValues: ["^a"] } },
  ]);
  const onHeader = "Field=http-header&HttpHeaderConfig.HttpHeaderName=X&RegexValues.member.1=a";
  expect(readCondition(onHeader)).toEqual([
    { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X", RegexValues: ["a"] } },
  ]);
});

function readTransform(...transforms: string[]) {
  const body = transforms.map((each, i) => each.replace(/(^|&)/g, `$1T.member.${i + 1}.`)).join("&");
  const { T } = readInput({ T: required(transformList) }, parseQuery(body).parameters);
  return readTransforms(T, [forwardTo(["a", 1])]);
}
const url = (source: string, replacement: string) =>
  "Type=url-rewrite&UrlRewriteConfig.Rewrites.member.1.Regex=" +
  `${encodeURIComponent(source)}&UrlRewriteConfig.Rewrites.member.1.Replace=${encodeURIComponent(replacement)}`;

test("ALB-49: transforms are taken in AWS's form", () => {
  expect(readTransform(url("^/a/(.*)$", "/b/$1"))).toEqual([
    { Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "^/a/(.*)$", Replace: "/b/$1" }] } },
  ]);
});

test.each([
  ["two of a type", [url("a", "b"), url("c", "d")], "only have one 'url-rewrite'"],
  ["three transforms", [url("a", "b"), url("a", "b"), url("a", "b")], "'2' transforms"],
  ["no config", ["Type=url-rewrite"], "UrlRewriteConfig must be specified"],
  [
    "the config of the other type",
    [url("a", "b").replace("url-rewrite", "host-header-rewrite")],
    "UrlRewriteConfig cannot",
  ],
  [
    "two rewrites",
    [`${url("a", "b")}&${url("c", "d").replaceAll("member.1", "member.2").slice(17)}`],
    "exactly one rewrite",
  ],
  ["a group that is not there", [url("(a)", "$2")], "names a group"],
  ["a wrong expression", [url("(", "b")], "regular expression '('"],
  ["an expression of 1025 characters", [url("a".repeat(1025), "b")], "1024"],
  ["an unknown type", ["Type=header-rewrite"], "'header-rewrite'"],
])("ALB-91: transforms with %s are refused", (_title, transforms, sentence) => {
  expect(() => readTransform(...transforms)).toThrow(sentence);
});

test("ALB-91: transforms of a rule that does not forward are refused", () => {
  const { T } = readInput(
    { T: required(transformList) },
    parseQuery(`T.member.1.${url("a", "b").replaceAll("&", "&T.member.1.")}`).parameters,
  );
  const fixed = { Type: "fixed-response" as const, FixedResponseConfig: { StatusCode: "200" } };
  expect(() => readTransforms(T, [fixed])).toThrow("rule that forwards");
});
