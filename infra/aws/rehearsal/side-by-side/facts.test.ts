import { expect, test } from "vitest";
import { factsOf } from "./facts.ts";

const none = new Map<string, string>();
const ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";

test("an answer is told field by field, and what is not there is not told", () => {
  const answer = { Group: { Port: 80, Enabled: false, Path: undefined, Matcher: { HttpCode: "200" } } };
  expect(factsOf(answer, none)).toEqual({
    "Group.Port": "80",
    "Group.Enabled": "false",
    "Group.Matcher.HttpCode": "200",
  });
});

test("members of a list are known by their names, and not by their places", () => {
  const rules = [
    { Priority: "1", IsDefault: false },
    { Priority: "default", IsDefault: true },
  ];
  const wanted = { "Rules[1].Priority": "1", "Rules[1].IsDefault": "false" };
  expect(factsOf({ Rules: rules }, none)).toMatchObject(wanted);
  expect(factsOf({ Rules: [...rules].reverse() }, none)).toEqual(factsOf({ Rules: rules }, none));
});

test("members without a name are known by their places, and an empty list is told", () => {
  expect(factsOf({ Actions: [{ Type: "forward" }, { Order: 2 }], Values: ["/a", "/b"], Tags: [] }, none)).toEqual({
    ...{ "Actions[0].Type": "forward", "Actions[1].Order": "2", Values: "/a,/b", Tags: "none" },
  });
});

test("pairs of a name and a value are one fact each", () => {
  const answer = { Attributes: [{ Key: "a.b", Value: "1" }], Limits: [{ Name: "rules", Max: "100" }] };
  expect(factsOf(answer, none)).toEqual({ "Attributes[a.b]": "1", "Limits[rules]": "100" });
});

test("ARNs are told by the kind and the name of what they are of", () => {
  const answer = {
    Group: `${ARN}targetgroup/game/0123456789abcdef`,
    Rule: `${ARN}listener-rule/app/tidegate/0123456789abcdef/0123456789abcdef/139670388624976`,
  };
  expect(factsOf(answer, none)).toEqual({ Group: "the targetgroup/game", Rule: "the listener-rule/app/tidegate" });
});

test("of hosts and times only that they are there is told, and own names are told by what they are for", () => {
  const own = new Map([
    ["vpc-1", "the network"],
    ["41000", "the HTTP port"],
  ]);
  const answer = { DNSName: "tidegate-1.elb.amazonaws.com", CreatedTime: new Date(), VpcId: "vpc-1", Port: 41_000 };
  expect(factsOf(answer, own)).toEqual({
    ...{ DNSName: "there", CreatedTime: "there", VpcId: "the network", Port: "the HTTP port" },
  });
});
