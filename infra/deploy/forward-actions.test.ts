import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { forwardBy, hasShare } from "./forward-actions.ts";

const groups = [
  { targetGroupArn: "blue", weight: 80 },
  { targetGroupArn: "green", weight: 20 },
];
const weighted: Action = {
  Type: "forward",
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: "blue", Weight: 80 },
      { TargetGroupArn: "green", Weight: 20 },
    ],
  },
};

test.each<[string, Action]>([
  ["a plain forward", { Type: "forward", TargetGroupArn: "blue" }],
  [
    "a forward to one group by weight",
    { Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: "green" }] } },
  ],
  ["the split of an earlier deploy", weighted],
])("%s becomes the split", (_, action) => {
  expect(forwardBy([action], groups, "here")).toEqual([weighted]);
});

test("what stands before the forward stays before it, and stickiness is kept", () => {
  const login: Action = { Type: "authenticate-oidc", Order: 1 };
  const stickiness = { Enabled: true, DurationSeconds: 60 };
  const forward: Action = {
    ...{ Type: "forward", Order: 2 },
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: "blue" }], TargetGroupStickinessConfig: stickiness },
  };
  expect(forwardBy([login, forward], groups, "here")).toEqual([
    login,
    { ...weighted, Order: 2, ForwardConfig: { ...weighted.ForwardConfig, TargetGroupStickinessConfig: stickiness } },
  ]);
});

test("redirects and forwards to other groups are not touched", () => {
  expect(forwardBy([{ Type: "redirect" }], groups, "here")).toBeUndefined();
  expect(forwardBy([{ Type: "forward", TargetGroupArn: "other" }], groups, "here")).toBeUndefined();
});

test("a group has a share where it is forwarded to with some weight", () => {
  expect(hasShare([{ Type: "forward", TargetGroupArn: "blue" }], "blue")).toBe(true);
  expect(hasShare([weighted], "green")).toBe(true);
  expect(
    hasShare(
      forwardBy(
        [weighted],
        [
          { targetGroupArn: "blue", weight: 1 },
          { targetGroupArn: "green", weight: 0 },
        ],
        "here",
      )!,
      "green",
    ),
  ).toBe(false);
  expect(hasShare([weighted, { Type: "redirect" }], "other")).toBe(false);
});

test("a forward that shares its traffic with a group of somebody else is refused", () => {
  const shared: Action = {
    Type: "forward",
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: "blue" }, { TargetGroupArn: "other" }] },
  };
  expect(() => forwardBy([shared], groups, "Rule 5")).toThrow("Rule 5 forwards to other as well");
});
