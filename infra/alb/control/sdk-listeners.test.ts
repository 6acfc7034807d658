import { createServer } from "node:net";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeListenerAttributesCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerAttributesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { closeAfterEach } from "../testing/cleanup.ts";
import { freePort } from "../testing/free-port.ts";
import { rawClient } from "../testing/raw-client.ts";

import { setUpSdk } from "../testing/sdk.ts";

const keep = closeAfterEach();
const setUp = () => setUpSdk(keep);

test("ALB-90: an HTTPS listener serves with the local certificate and can be changed and deleted", async () => {
  const { api, send, lbArn, newGroup, newListener } = await setUp();
  const group = await newGroup("g");
  const listener = await newListener(group, {
    Protocol: "HTTPS",
    Certificates: [{ CertificateArn: api.certificateArn }],
    SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  });
  expect(listener).toMatchObject({
    Protocol: "HTTPS",
    SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    Certificates: [{ CertificateArn: api.certificateArn }],
    DefaultActions: [
      {
        Type: "forward",
        TargetGroupArn: group,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: group, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ],
  });
  const { ListenerArn, Port } = listener;
  const moved = await freePort();
  const fixed = [
    { Type: "fixed-response" as const, FixedResponseConfig: { StatusCode: "200", MessageBody: "changed" } },
  ];
  await send(new ModifyListenerCommand({ ListenerArn, Port: moved, Protocol: "HTTP", DefaultActions: fixed }));
  expect(await (await fetch(`http://127.0.0.1:${moved}/`)).text()).toBe("changed");
  const old = keep(rawClient(Port!));
  await old.ended;
  await send(
    new ModifyListenerAttributesCommand({
      ListenerArn,
      Attributes: [{ Key: "routing.http.response.server.enabled", Value: "false" }],
    }),
  );
  expect((await send(new DescribeListenerAttributesCommand({ ListenerArn }))).Attributes?.[0]?.Value).toBe("false");
  expect((await fetch(`http://127.0.0.1:${moved}/`)).headers.get("server")).toBeNull();
  await send(new DeleteListenerCommand({ ListenerArn }));
  expect((await send(new DescribeListenersCommand({ LoadBalancerArn: lbArn }))).Listeners).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${moved}/`)).rejects.toThrow();
});

test("ALB-96: a port that is in use refuses the listener with a sentence and leaves nothing behind", async () => {
  const { send, lbArn, newGroup, newListener, refusal } = await setUp();
  const group = await newGroup("g");
  const taken = createServer();
  const Port = await freePort();
  await new Promise<void>((resolve) => taken.listen(Port, "127.0.0.1", resolve));
  expect(await refusal(newListener(group, { Port }))).toEqual({
    code: "ValidationError",
    message: `address 127.0.0.1:${Port} is in use`,
    status: 400,
  });
  expect((await send(new DescribeListenersCommand({ LoadBalancerArn: lbArn }))).Listeners).toEqual([]);
  await new Promise((resolve) => taken.close(resolve));
  expect((await newListener(group, { Port })).Port).toBe(Port);
});

test("ALB-91: listeners are refused for the reasons that AWS refuses them", async () => {
  const { api, newGroup, newListener, refusal } = await setUp();
  const group = await newGroup("g");
  const https = { Protocol: "HTTPS", Certificates: [{ CertificateArn: api.certificateArn }] };
  const cases: [object, string][] = [
    [{ Protocol: "HTTPS" }, "ValidationError"],
    [
      { ...https, Certificates: [{ CertificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/x" }] },
      "CertificateNotFoundException",
    ],
    [{ ...https, SslPolicy: "ELBSecurityPolicy-none" }, "SSLPolicyNotFoundException"],
    [{ LoadBalancerArn: "arn:x" }, "LoadBalancerNotFoundException"],
    [{ DefaultActions: [{ Type: "forward", TargetGroupArn: `${group}0` }] }, "TargetGroupNotFoundException"],
    [{ DefaultActions: [] }, "ValidationError"],
    [{ AlpnPolicy: ["HTTP2Only"] }, "ValidationError"],
  ];
  for (const [input, code] of cases) expect(await refusal(newListener(group, input))).toMatchObject({ code });
});

test("ALB-90: rules are created, found, changed, reordered and deleted", async () => {
  const { send, newGroup, newListener, forwardTo, refusal } = await setUp();
  const group = await newGroup("g");
  const { ListenerArn } = await newListener(group);
  const create = (Priority: number, path: string) =>
    send(
      new CreateRuleCommand({
        ...{ ListenerArn, Priority, Actions: forwardTo(group) },
        Conditions: [{ Field: "path-pattern", Values: [path] }],
      }),
    );
  const first = (await create(10, "/a/*")).Rules![0]!;
  const second = (await create(20, "/b/*")).Rules![0]!;
  expect(first).toMatchObject({
    Priority: "10",
    IsDefault: false,
    Conditions: [{ Field: "path-pattern", Values: ["/a/*"], PathPatternConfig: { Values: ["/a/*"] } }],
  });
  expect((await create(10, "/a/*")).Rules![0]!.RuleArn).toBe(first.RuleArn);
  expect(await refusal(create(10, "/c"))).toMatchObject({ code: "PriorityInUseException" });

  const swap = [
    { RuleArn: first.RuleArn, Priority: 20 },
    { RuleArn: second.RuleArn, Priority: 10 },
  ];
  await send(new SetRulePrioritiesCommand({ RulePriorities: swap }));
  const half = send(new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn: first.RuleArn, Priority: 10 }] }));
  expect(await refusal(half)).toMatchObject({ code: "PriorityInUseException" });
  await send(
    new ModifyRuleCommand({
      RuleArn: first.RuleArn,
      Conditions: [{ Field: "host-header", Values: ["*.example.com"] }],
    }),
  );
  const { Rules = [] } = await send(new DescribeRulesCommand({ ListenerArn }));
  expect(Rules.map((each) => [each.Priority, each.Conditions?.[0]?.Values?.[0]])).toEqual([
    ["10", "/b/*"],
    ["20", "*.example.com"],
    ["default", undefined],
  ]);
  const byDefault = Rules[2]!.RuleArn;
  expect(await refusal(send(new DeleteRuleCommand({ RuleArn: byDefault })))).toMatchObject({
    code: "OperationNotPermittedException",
  });
  await send(new DeleteRuleCommand({ RuleArn: first.RuleArn }));
  expect(await refusal(send(new DescribeRulesCommand({ RuleArns: [first.RuleArn!] })))).toMatchObject({
    code: "RuleNotFoundException",
  });
});

test("ALB-91: a target group in use cannot be deleted, nor serve a second load balancer", async () => {
  const { send, newGroup, newListener, forwardTo, refusal } = await setUp();
  const group = await newGroup("g");
  const { ListenerArn } = await newListener(group);
  const remove = () => send(new DeleteTargetGroupCommand({ TargetGroupArn: group }));
  expect(await refusal(remove())).toMatchObject({ code: "ResourceInUseException" });
  const other = (await send(new CreateLoadBalancerCommand({ Name: "other" }))).LoadBalancers![0]!;
  const second = new CreateListenerCommand({
    ...{
      LoadBalancerArn: other.LoadBalancerArn,
      Protocol: "HTTP",
      Port: await freePort(),
      DefaultActions: forwardTo(group),
    },
  });
  expect(await refusal(send(second))).toMatchObject({ code: "TargetGroupAssociationLimitException" });
  await send(new DeleteListenerCommand({ ListenerArn }));
  await remove();
});
