import {
  CreateRuleCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { closeAfterEach } from "../testing/cleanup.ts";
import { setUpSdk } from "../testing/sdk.ts";

const keep = closeAfterEach();
const setUp = () => setUpSdk(keep);

const algorithm = (Value: string) => ({ "load_balancing.algorithm.type": Value });
const slowStart = (Value: string) => ({ "slow_start.duration_seconds": Value });
const mitigation = { "load_balancing.algorithm.anomaly_mitigation": "on" };
const sticky = { "stickiness.enabled": "true" };
const appCookie = { ...sticky, "stickiness.type": "app_cookie", "stickiness.app_cookie.cookie_name": "SESSION" };

async function setUpGroup() {
  const parts = await setUp();
  const TargetGroupArn = await parts.newGroup("g");
  const modify = (attributes: Record<string, string>, arn = TargetGroupArn) =>
    parts.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: arn,
        Attributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  return { ...parts, TargetGroupArn, modify };
}

test.each([
  [
    "slow start with least outstanding requests",
    algorithm("least_outstanding_requests"),
    slowStart("30"),
    "Slow start",
  ],
  ["slow start with weighted random", algorithm("weighted_random"), slowStart("900"), "Slow start"],
  ["stickiness with weighted random", algorithm("weighted_random"), sticky, "Stickiness cannot be used"],
  ["anomaly mitigation with round robin", {}, mitigation, "Anomaly mitigation can only be used"],
])("ALB-66: %s is refused, whichever of the two comes second", async (_title, first, second, sentence) => {
  const { send, modify, refusal, TargetGroupArn } = await setUpGroup();
  const expected = {
    ...{ code: "InvalidConfigurationRequestException", status: 400 },
    message: expect.stringContaining(sentence),
  };
  await modify({ ...algorithm("round_robin"), ...first });
  expect(await refusal(modify(second))).toMatchObject(expected);
  const { Attributes } = await send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  for (const [Key, Value] of Object.entries(second)) expect(Attributes).not.toContainEqual({ Key, Value });
  const other = second === mitigation ? algorithm("weighted_random") : algorithm("round_robin");
  await modify({ ...other, ...second });
  expect(await refusal(modify({ ...algorithm("round_robin"), ...first }))).toMatchObject(expected);
});

test("ALB-66: settings that go together are taken, in one call as well", async () => {
  const { modify } = await setUpGroup();
  await modify({ ...slowStart("30"), ...sticky, "stickiness.lb_cookie.duration_seconds": "604800" });
  await modify({ ...slowStart("0"), "stickiness.enabled": "false", ...algorithm("weighted_random"), ...mitigation });
  await modify({ ...algorithm("round_robin"), "load_balancing.algorithm.anomaly_mitigation": "off", ...appCookie });
  const { Attributes = [] } = await modify(algorithm("least_outstanding_requests"));
  expect(Object.fromEntries(Attributes.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
    "stickiness.enabled": "true",
    "stickiness.type": "app_cookie",
    "stickiness.app_cookie.cookie_name": "SESSION",
    "slow_start.duration_seconds": "0",
    "load_balancing.algorithm.type": "least_outstanding_requests",
  });
});

test.each([
  [{ "stickiness.app_cookie.cookie_name": "AWSALBTGmine" }, "reserved prefix 'AWSALBTG'"],
  [{ "stickiness.app_cookie.cookie_name": "awsalb" }, "reserved prefix 'AWSALB'"],
  [{ "stickiness.app_cookie.cookie_name": "a b" }, "must be the name of a cookie"],
  [{ "stickiness.type": "source_ip" }, "must be one of '[lb_cookie, app_cookie]'"],
  [{ "stickiness.lb_cookie.duration_seconds": "604801" }, "must be between '1-604800' inclusive"],
  [slowStart("29"), "must be 0 or between '30-900' inclusive"],
  [slowStart("901"), "must be 0 or between '30-900' inclusive"],
])("ALB-66: %j is refused", async (attributes, sentence) => {
  const { modify, refusal } = await setUpGroup();
  const expected = { code: "ValidationError", message: expect.stringContaining(sentence) };
  expect(await refusal(modify(attributes))).toMatchObject(expected);
});

test("ALB-66: application-based stickiness without the name of a cookie is refused", async () => {
  const { modify, refusal } = await setUpGroup();
  expect(await refusal(modify({ ...sticky, "stickiness.type": "app_cookie" }))).toMatchObject({
    code: "InvalidConfigurationRequestException",
    message: expect.stringContaining("'stickiness.app_cookie.cookie_name' must be specified"),
  });
});

const weighted = (arns: readonly string[], stickiness?: { Enabled?: boolean; DurationSeconds?: number }) => [
  {
    Type: "forward" as const,
    ForwardConfig: {
      TargetGroups: arns.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 })),
      ...(stickiness && { TargetGroupStickinessConfig: stickiness }),
    },
  },
];
const onPath = [{ Field: "path-pattern", Values: ["/a"] }];

test("ALB-64: group stickiness of an action goes in and comes out, and is changed by a rule's change", async () => {
  const { send, newGroup, newListener } = await setUp();
  const arns = [await newGroup("a"), await newGroup("b")];
  const { ListenerArn } = await newListener(arns[0]!);
  const stickiness = { Enabled: true, DurationSeconds: 604_800 };
  const { Rules } = await send(
    new CreateRuleCommand({ ListenerArn, Priority: 1, Conditions: onPath, Actions: weighted(arns, stickiness) }),
  );
  expect(Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig).toEqual(stickiness);
  const { RuleArn } = Rules![0]!;
  await send(new ModifyRuleCommand({ RuleArn, Actions: weighted(arns, { Enabled: false }) }));
  const described = await send(new DescribeRulesCommand({ RuleArns: [RuleArn!] }));
  expect(described.Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig).toEqual({ Enabled: false });
});

test("ALB-66: a sticky group in a weighted forward needs group stickiness, whichever comes second", async () => {
  const { send, modify, refusal, newGroup, newListener, TargetGroupArn: a } = await setUpGroup();
  const b = await newGroup("b");
  const { ListenerArn } = await newListener(a);
  const create = (stickiness?: { Enabled: boolean; DurationSeconds: number }) =>
    send(
      new CreateRuleCommand({ ListenerArn, Priority: 1, Conditions: onPath, Actions: weighted([a, b], stickiness) }),
    );
  await modify(sticky);
  const needed = {
    code: "InvalidConfigurationRequestException",
    message: "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups",
  };
  expect(await refusal(create())).toMatchObject(needed);
  const change = new ModifyListenerCommand({ ListenerArn, DefaultActions: weighted([b, a]) });
  expect(await refusal(send(change))).toMatchObject(needed);
  await modify({ "stickiness.enabled": "false" });
  const { Rules } = await create();
  expect(await refusal(modify(sticky))).toMatchObject({
    code: "InvalidConfigurationRequestException",
    message:
      `This target group appears behind a rule with group stickiness disabled (${Rules?.[0]?.RuleArn}). ` +
      "You must enable group stickiness before enabling target stickiness",
  });
  await send(
    new ModifyRuleCommand({
      RuleArn: Rules?.[0]?.RuleArn,
      Actions: weighted([a, b], { Enabled: true, DurationSeconds: 60 }),
    }),
  );
  await modify(sticky);
});

test("ALB-66: application-based stickiness and weighted groups do not go together, whichever comes second", async () => {
  const { send, modify, refusal, newGroup, newListener, TargetGroupArn: a } = await setUpGroup();
  const b = await newGroup("b");
  const { ListenerArn } = await newListener(b);
  const Actions = weighted([a, b], { Enabled: true, DurationSeconds: 60 });
  const create = () => send(new CreateRuleCommand({ ListenerArn, Priority: 1, Conditions: onPath, Actions }));
  const expected = {
    code: "InvalidConfigurationRequestException",
    message: `Application-based stickiness cannot be used with weighted target groups: '${a}'`,
  };
  await modify(appCookie);
  expect(await refusal(create())).toMatchObject(expected);
  await modify({ "stickiness.enabled": "false" });
  await create();
  expect(await refusal(modify(appCookie))).toMatchObject(expected);
});

test("ALB-66: group stickiness without a duration, or with one out of range, is refused", async () => {
  const { send, refusal, newGroup, newListener } = await setUp();
  const arns = [await newGroup("a"), await newGroup("b")];
  const { ListenerArn } = await newListener(arns[0]!);
  const create = (stickiness: { Enabled: boolean; DurationSeconds?: number }) =>
    refusal(
      send(
        new CreateRuleCommand({ ListenerArn, Priority: 1, Conditions: onPath, Actions: weighted(arns, stickiness) }),
      ),
    );
  expect(await create({ Enabled: true })).toMatchObject({
    code: "ValidationError",
    message: "Target group stickiness duration must be between 1 and 604800 seconds",
  });
  expect(await create({ Enabled: true, DurationSeconds: 604_801 })).toMatchObject({ code: "ValidationError" });
});
