// A load balancer with one of everything, and what the tables of refusals are made of. A row is one path to an error:
// it is sent by the official SDK, and after it all must be as it was.

import * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setUpSdk } from "../../testing/sdk.ts";

export type Input = Readonly<Record<string, unknown>>;
export type Row = readonly [
  operation: string,
  why: string,
  input: Input | (() => Input),
  code: string,
  sentence: string,
];

const opened: { close(): unknown }[] = [];
export let context: Awaited<ReturnType<typeof setUpSdk>>;
/** ARNs and the like; filled before the first test. */
export const known = {
  ...{ lb: "", otherLb: "", protectedLb: "", group: "", unused: "", listener: "", rule: "", second: "" },
  ...{ defaultRule: "", https: "", certificate: "", port: 0 },
};

export const commands = sdk as unknown as Record<string, new (input: Input) => never>;
const call = (operation: string, input: Input): Promise<Record<string, never[]>> =>
  context.api.client.send(new commands[`${operation}Command`]!(input)) as never;

export const path = (value: string) => [{ Field: "path-pattern", Values: [value] }];
export const fixed = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }];
export const redirect = (config: Input) => [
  { Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", ...config } },
];
export const forward = (...arns: string[]) => [
  { Type: "forward", ForwardConfig: { TargetGroups: arns.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 })) } },
];
export const several = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
export const absent = "arn:aws:elasticloadbalancing:us-east-1:000000000000:";
export const noLb = `${absent}loadbalancer/app/none/0000000000000000`;
export const noGroup = `${absent}targetgroup/none/0000000000000000`;
export const noListener = `${absent}listener/app/none/0000000000000000/1`;
export const noRule = `${absent}listener-rule/app/none/0000000000000000/1/2`;

export const rule = (more: Input) => () => ({
  ...{ ListenerArn: known.listener, Priority: 9, Conditions: path("/x"), Actions: fixed },
  ...more,
});
export const newListener = (more: () => Input) => () => ({
  ...{ LoadBalancerArn: known.lb, Protocol: "HTTP", Port: 1, DefaultActions: fixed },
  ...more(),
});
export const newGroup = (more: Input) => ({ Name: "new", Protocol: "HTTP", Port: 80, TargetType: "ip", ...more });
export const groupAttribute = (Key: string, Value: string) => () => ({
  ...{ TargetGroupArn: known.group, Attributes: [{ Key, Value }] },
});
export const lbAttribute = (Key: string, Value: string) => () => ({
  ...{ LoadBalancerArn: known.lb, Attributes: [{ Key, Value }] },
});

async function setUp(): Promise<void> {
  context = await setUpSdk((each) => {
    opened.push(each);
    return each;
  });
  const { send, lbArn, newGroup, newListener, api } = context;
  const made = async (Name: string) =>
    (await send(new sdk.CreateLoadBalancerCommand({ Name }))).LoadBalancers![0]!.LoadBalancerArn!;
  known.lb = lbArn;
  known.otherLb = await made("other");
  known.protectedLb = await made("protected");
  const protection = { Key: "deletion_protection.enabled", Value: "true" };
  await call("ModifyLoadBalancerAttributes", { LoadBalancerArn: known.protectedLb, Attributes: [protection] });
  known.group = await newGroup("used");
  known.unused = await newGroup("unused");
  const Targets = [{ Id: "127.0.0.1", Port: 9 }];
  await call("RegisterTargets", { TargetGroupArn: known.group, Targets });
  await call("DeregisterTargets", { TargetGroupArn: known.group, Targets });
  const listener = await newListener(known.group);
  known.listener = listener.ListenerArn!;
  known.port = listener.Port!;
  known.certificate = api.certificateArn;
  const https = { Protocol: "HTTPS", Certificates: [{ CertificateArn: api.certificateArn }] };
  known.https = (await newListener(known.group, https)).ListenerArn!;
  const rule = async (Priority: number) =>
    (
      await send(
        new sdk.CreateRuleCommand({
          ListenerArn: known.listener,
          Priority,
          Conditions: path("/a") as never,
          Actions: redirect({ Protocol: "HTTP", Host: "a.test" }) as never,
        }),
      )
    ).Rules![0]!.RuleArn!;
  known.rule = await rule(1);
  known.second = await rule(2);
  const { Rules } = await send(new sdk.DescribeRulesCommand({ ListenerArn: known.listener }));
  known.defaultRule = Rules!.find((each) => each.IsDefault)!.RuleArn!;
}

const reading = [
  "DescribeLoadBalancers",
  "DescribeTargetGroups",
  ...["DescribeListeners", "DescribeLoadBalancerAttributes"].map((each) => () => `${each}&LoadBalancerArn=${known.lb}`),
  () => `DescribeListeners&LoadBalancerArn=${known.otherLb}`,
  () => `DescribeRules&ListenerArn=${known.listener}`,
  () => `DescribeRules&ListenerArn=${known.https}`,
  () => `DescribeListenerCertificates&ListenerArn=${known.https}`,
  () => `DescribeTargetGroupAttributes&TargetGroupArn=${known.group}`,
  () => `DescribeTargetHealth&TargetGroupArn=${known.group}`,
  () =>
    `DescribeTags&${[known.lb, known.group, known.listener].map((arn, i) => `ResourceArns.member.${i + 1}=${arn}`).join("&")}`,
];

/** All that the API tells. */
async function everything(): Promise<string> {
  const told = await Promise.all(
    reading.map(async (each) => {
      const { status, text } = await context.api.raw(
        `Version=2015-12-01&Action=${typeof each === "string" ? each : each()}`,
      );
      expect(status).toBe(200);
      return text.replace(/<RequestId>.*?<\/RequestId>/, "");
    }),
  );
  return told.join("\n");
}

export function testRefusals(rows: readonly Row[]): void {
  let before = "";
  beforeAll(async () => {
    await setUp();
    before = await everything();
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
  });
  test.each(rows)(
    "ALB-91: %s, %s: refused by AWS's code and a sentence, and nothing has changed",
    async (operation, _why, input, code, sentence) => {
      const refusal = await context.refusal(call(operation, typeof input === "function" ? input() : input));
      expect({ ...refusal, code: refusal.code?.replace(/Exception$/, "") }).toEqual({
        ...{ code, status: 400 },
        message: expect.stringContaining(sentence),
      });
      expect(await everything()).toBe(before);
    },
  );
}
