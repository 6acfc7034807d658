import {
  CreateRuleCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeRulesCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyRuleCommand,
  type RuleTransform,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { closeAfterEach } from "../testing/cleanup.ts";
import { setUpSdk } from "../testing/sdk.ts";

const keep = closeAfterEach();

const toNew: RuleTransform = {
  Type: "url-rewrite",
  UrlRewriteConfig: { Rewrites: [{ Regex: "^/old/(.*)$", Replace: "/new/$1" }] },
};
const toInner: RuleTransform = {
  Type: "host-header-rewrite",
  HostHeaderRewriteConfig: { Rewrites: [{ Regex: "^(.+)\\.example\\.com$", Replace: "$1.internal" }] },
};

async function setUp() {
  const sdk = await setUpSdk(keep);
  const group = await sdk.newGroup("web");
  const listener = await sdk.newListener(group);
  const create = (more: object) =>
    sdk.send(
      new CreateRuleCommand({
        ListenerArn: listener.ListenerArn,
        Priority: 1,
        Conditions: [{ Field: "path-pattern", Values: ["/old/*"] }],
        Actions: sdk.forwardTo(group),
        ...more,
      }),
    );
  return { ...sdk, group, listener, create };
}

test("ALB-49: the SDK sets, keeps, replaces and resets the transforms of a rule", async () => {
  const { send, create } = await setUp();
  const made = (await create({ Transforms: [toNew, toInner] })).Rules?.[0];
  expect(made?.Transforms).toEqual([toNew, toInner]);
  const RuleArn = made?.RuleArn;
  const kept = await send(new ModifyRuleCommand({ RuleArn, Conditions: [{ Field: "path-pattern", Values: ["/o*"] }] }));
  expect(kept.Rules?.[0]?.Transforms).toEqual([toNew, toInner]);
  const replaced = await send(new ModifyRuleCommand({ RuleArn, Transforms: [toInner] }));
  expect(replaced.Rules?.[0]?.Transforms).toEqual([toInner]);
  await send(new ModifyRuleCommand({ RuleArn, ResetTransforms: true }));
  expect((await send(new DescribeRulesCommand({ RuleArns: [RuleArn!] }))).Rules?.[0]?.Transforms).toEqual([]);
});

test("ALB-94: creating a rule again succeeds with the same transforms only", async () => {
  const { create, refusal } = await setUp();
  const first = await create({ Transforms: [toNew] });
  expect((await create({ Transforms: [toNew] })).Rules?.[0]?.RuleArn).toBe(first.Rules?.[0]?.RuleArn);
  expect(await refusal(create({}))).toMatchObject({ code: "PriorityInUseException" });
});

test("ALB-91: transforms are refused where they make no sense, and the rule stays as it was", async () => {
  const { send, create, refusal } = await setUp();
  const made = (await create({ Transforms: [toNew] })).Rules?.[0];
  const RuleArn = made?.RuleArn;
  const both = send(new ModifyRuleCommand({ RuleArn, Transforms: [toInner], ResetTransforms: true }));
  expect(await refusal(both)).toMatchObject({ code: "ValidationError" });
  const fixed = { Type: "fixed-response" as const, FixedResponseConfig: { StatusCode: "200" } };
  expect(await refusal(send(new ModifyRuleCommand({ RuleArn, Actions: [fixed] })))).toMatchObject({
    code: "InvalidLoadBalancerActionException",
  });
  expect((await send(new DescribeRulesCommand({ RuleArns: [RuleArn!] }))).Rules).toEqual([made]);
});

test("ALB-47: the SDK sets regular expressions and gets them back", async () => {
  const { create } = await setUp();
  const [rule] =
    (
      await create({
        Conditions: [
          { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/a/[0-9]+$"] } },
          { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Kind", RegexValues: ["^(a|b)$"] } },
        ],
      })
    ).Rules ?? [];
  expect(rule?.Conditions).toEqual([
    {
      Field: "path-pattern",
      RegexValues: ["^/a/[0-9]+$"],
      PathPatternConfig: { RegexValues: ["^/a/[0-9]+$"] },
    },
    { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Kind", RegexValues: ["^(a|b)$"] } },
  ]);
});

test("ALB-22: the desync mode is an attribute of the load balancer", async () => {
  const { send, lbArn, refusal } = await setUp();
  const Key = "routing.http.desync_mitigation_mode";
  const set = (Value: string) =>
    send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: lbArn, Attributes: [{ Key, Value }] }));
  for (const mode of ["monitor", "strictest", "defensive"]) {
    await set(mode);
    const { Attributes } = await send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: lbArn }));
    expect(Attributes).toContainEqual({ Key, Value: mode });
  }
  expect(await refusal(set("off"))).toMatchObject({ code: "ValidationError" });
});
