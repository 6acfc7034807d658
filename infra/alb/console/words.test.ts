import { expect, test } from "vitest";
import { initialAttributes, targetGroupAttributes } from "../model/attributes.ts";
import type { Action, Condition } from "../model/types.ts";
import { forwardTo, group, groupArn } from "../testing/fixtures.ts";
import { actionWords, changedAttributes, conditionWords, healthCheckWords, transformWords } from "./words.ts";

const groupName = (arn: string) => arn.split("/")[1]!;

test.each<[Condition, string]>([
  [{ Field: "host-header", HostHeaderConfig: { Values: ["a.example", "*.b"] } }, "host is a.example or *.b"],
  [{ Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/v[0-9]+/"] } }, "path matches ^/v[0-9]+/"],
  [
    { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Canary", Values: ["yes"] } },
    "header X-Canary is yes",
  ],
  [
    { Field: "query-string", QueryStringConfig: { Values: [{ Key: "version", Value: "2" }, { Value: "beta" }] } },
    "query has version=2 or beta",
  ],
  [{ Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET", "HEAD"] } }, "method is GET or HEAD"],
  [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } }, "client is in 10.0.0.0/8"],
])("a condition is told in words: %j", (condition, words) => {
  expect(conditionWords(condition)).toBe(words);
});

const sticky: Action = {
  Type: "forward",
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: groupArn("blue"), Weight: 2 },
      { TargetGroupArn: groupArn("green"), Weight: 1 },
    ],
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
  },
};

test.each<[Action, string]>([
  [forwardTo(["game", 1]), "forward to game"],
  [forwardTo(["game", 0]), "forward to game 0 %"],
  [forwardTo(["blue", 90], ["green", 10]), "forward to blue 90 %, green 10 %"],
  [forwardTo(["blue", 0], ["green", 0]), "forward to blue 0 %, green 0 %"],
  [sticky, "forward to blue 67 %, green 33 %; sticky for 60 s"],
  [
    {
      Type: "redirect",
      RedirectConfig: {
        ...{ Protocol: "HTTPS", Host: "#{host}", Port: "443", Path: "/#{path}", Query: "" },
        StatusCode: "HTTP_301",
      },
    },
    "redirect (301) to https://#{host}:443/#{path}",
  ],
  [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }, "answer 404"],
  [
    { Type: "fixed-response", FixedResponseConfig: { StatusCode: "503", MessageBody: "x".repeat(200) } },
    `answer 503 “${"x".repeat(80)}…”`,
  ],
])("an action is told in words: %j", (action, words) => {
  expect(actionWords(action, groupName)).toBe(words);
});

test("a transform is told in words", () => {
  const Rewrites = [{ Regex: "^/old/(.*)$", Replace: "/new/$1" }];
  expect(transformWords({ Type: "url-rewrite", UrlRewriteConfig: { Rewrites } })).toBe(
    "in the URL replace ^/old/(.*)$ by /new/$1",
  );
  expect(transformWords({ Type: "host-header-rewrite", HostHeaderRewriteConfig: { Rewrites } })).toMatch(
    /^in the host /,
  );
});

test("a health check is told in words, its port only when it is another one", () => {
  const { healthCheck } = group("g", []);
  expect(healthCheckWords(healthCheck)).toBe(
    "HTTP GET / every 30 s, 5 s to answer 200; healthy after 5, unhealthy after 2 in a row",
  );
  expect(healthCheckWords({ ...healthCheck, port: "9000" })).toContain("GET / on port 9000 every");
});

test("only attributes that are not AWS's default are told", () => {
  const attributes = { ...initialAttributes(targetGroupAttributes), "deregistration_delay.timeout_seconds": "20" };
  expect(changedAttributes(targetGroupAttributes, attributes)).toEqual(["deregistration_delay.timeout_seconds = 20"]);
});
