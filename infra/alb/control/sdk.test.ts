import { createServer } from "node:net";
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeAccountLimitsCommand,
  DescribeListenerAttributesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeSSLPoliciesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerAttributesCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  paginateDescribeTargetGroups,
  RegisterTargetsCommand,
  RemoveTagsCommand,
  SetRulePrioritiesCommand,
  waitUntilLoadBalancerAvailable,
  waitUntilLoadBalancersDeleted,
  waitUntilTargetDeregistered,
  waitUntilTargetInService,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { startApi } from "../testing/api.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { freePort } from "../testing/free-port.ts";
import { rawClient } from "../testing/raw-client.ts";
import { ok, rawTarget } from "../testing/raw-target.ts";

const keep = closeAfterEach();
const waiting = { maxWaitTime: 10, minDelay: 1, maxDelay: 1 };

async function setUp() {
  const api = keep(await startApi({ fastHealthChecks: true }));
  const send = api.client.send.bind(api.client);
  const lb = (await send(new CreateLoadBalancerCommand({ Name: "game", Subnets: ["subnet-1", "subnet-2"] })))
    .LoadBalancers![0]!;
  const newGroup = async (Name: string, more: object = {}) =>
    (
      await send(
        new CreateTargetGroupCommand({ Name, Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId: "vpc-1", ...more }),
      )
    ).TargetGroups![0]!.TargetGroupArn!;
  const forwardTo = (TargetGroupArn: string) => [{ Type: "forward" as const, TargetGroupArn }];
  const newListener = async (group: string, more: object = {}) =>
    (
      await send(
        new CreateListenerCommand({
          LoadBalancerArn: lb.LoadBalancerArn,
          Protocol: "HTTP",
          Port: await freePort(),
          DefaultActions: forwardTo(group),
          ...more,
        }),
      )
    ).Listeners![0]!;
  const refusal = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => undefined,
      (thrown: Error & { $metadata?: { httpStatusCode?: number } }) => thrown,
    );
    return { code: error?.name, message: error?.message, status: error?.$metadata?.httpStatusCode };
  };
  return { api, send, lb, lbArn: lb.LoadBalancerArn!, newGroup, newListener, forwardTo, refusal };
}

test("ALB-90: a load balancer is created, described, changed and deleted", async () => {
  const { api, send, lb, lbArn } = await setUp();
  expect(lb).toMatchObject({
    LoadBalancerName: "game",
    Scheme: "internet-facing",
    Type: "application",
    State: { Code: "active" },
    AvailabilityZones: [{ SubnetId: "subnet-1" }, { SubnetId: "subnet-2" }],
  });
  expect(lbArn).toMatch(/^arn:aws:elasticloadbalancing:us-east-1:\d{12}:loadbalancer\/app\/game\/[0-9a-f]{16}$/);
  expect(lb.DNSName).toMatch(/^game-\d+\.us-east-1\.elb\.amazonaws\.com$/);
  expect(lb.CreatedTime).toBeInstanceOf(Date);
  await waitUntilLoadBalancerAvailable({ client: api.client, ...waiting }, { LoadBalancerArns: [lbArn] });
  const { Attributes } = await send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: lbArn,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "120" }],
    }),
  );
  expect(Attributes).toContainEqual({ Key: "idle_timeout.timeout_seconds", Value: "120" });
  expect((await send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: lbArn }))).Attributes).toEqual(
    Attributes,
  );
  await send(new DeleteLoadBalancerCommand({ LoadBalancerArn: lbArn }));
  await send(new DeleteLoadBalancerCommand({ LoadBalancerArn: lbArn }));
  await waitUntilLoadBalancersDeleted({ client: api.client, ...waiting }, { LoadBalancerArns: [lbArn] });
});

test("ALB-94: creating again with the same settings gives the same thing, with others it is a duplicate", async () => {
  const { send, lbArn, newGroup, newListener, refusal } = await setUp();
  const again = await send(new CreateLoadBalancerCommand({ Name: "game", Subnets: ["subnet-1", "subnet-2"] }));
  expect(again.LoadBalancers![0]!.LoadBalancerArn).toBe(lbArn);
  expect(await refusal(send(new CreateLoadBalancerCommand({ Name: "game", Scheme: "internal" })))).toMatchObject({
    code: "DuplicateLoadBalancerNameException",
    status: 400,
  });
  const group = await newGroup("g");
  expect(await newGroup("g")).toBe(group);
  expect(await refusal(newGroup("g", { Port: 81 }))).toMatchObject({ code: "DuplicateTargetGroupNameException" });
  const listener = await newListener(group);
  expect((await newListener(group, { Port: listener.Port })).ListenerArn).toBe(listener.ListenerArn);
  const other = await newGroup("other");
  expect(await refusal(newListener(other, { Port: listener.Port }))).toMatchObject({
    code: "DuplicateListenerException",
  });
});

test("ALB-90: a target group has AWS's defaults and can be changed", async () => {
  const { send, newGroup, newListener, lbArn } = await setUp();
  const arn = await newGroup("g");
  const describe = async () =>
    (await send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }))).TargetGroups![0];
  expect(await describe()).toMatchObject({
    ...{ HealthCheckProtocol: "HTTP", HealthCheckPort: "traffic-port", HealthCheckPath: "/" },
    ...{ HealthCheckIntervalSeconds: 30, HealthCheckTimeoutSeconds: 5 },
    ...{ HealthyThresholdCount: 5, UnhealthyThresholdCount: 2, Matcher: { HttpCode: "200" } },
    ...{ TargetType: "ip", ProtocolVersion: "HTTP1", IpAddressType: "ipv4", LoadBalancerArns: [] },
  });
  await newListener(arn);
  await send(
    new ModifyTargetGroupCommand({ TargetGroupArn: arn, HealthCheckPath: "/readyz", Matcher: { HttpCode: "200-299" } }),
  );
  expect(await describe()).toMatchObject({
    HealthCheckPath: "/readyz",
    Matcher: { HttpCode: "200-299" },
    HealthCheckIntervalSeconds: 30,
    LoadBalancerArns: [lbArn],
  });
  const { Attributes = [] } = await send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }));
  expect(Object.fromEntries(Attributes.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
    "deregistration_delay.timeout_seconds": "300",
    "load_balancing.algorithm.type": "round_robin",
    "stickiness.enabled": "false",
  });
});

test("ALB-95: a target comes into service, drains for its delay, and is gone", async () => {
  const { api, send, newGroup, newListener } = await setUp();
  const target = keep(await rawTarget());
  const arn = await newGroup("g", { HealthCheckIntervalSeconds: 1, HealthCheckTimeoutSeconds: 1 });
  const delay = { Key: "deregistration_delay.timeout_seconds", Value: "1" };
  await send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: [delay] }));
  const Targets = [{ Id: "127.0.0.1", Port: target.port }];
  const which = { TargetGroupArn: arn, Targets };
  const health = async (input = which) => {
    const { TargetHealthDescriptions } = await send(new DescribeTargetHealthCommand(input));
    return TargetHealthDescriptions!.map((each) => each.TargetHealth);
  };
  expect(await health()).toMatchObject([{ State: "unused", Reason: "Target.NotRegistered" }]);
  await send(new RegisterTargetsCommand(which));
  expect(await health()).toMatchObject([{ State: "unused", Reason: "Target.NotInUse" }]);

  await newListener(arn);
  const check = await target.next();
  expect(await check.until("\r\n\r\n")).toBe(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\nConnection: close\r\n` +
      "User-Agent: ELB-HealthChecker/2.0\r\nAccept-Encoding: gzip, compressed\r\n\r\n",
  );
  expect(await health()).toMatchObject([{ State: "initial", Reason: "Elb.InitialHealthChecking" }]);
  check.send(ok("up"));
  await waitUntilTargetInService({ client: api.client, ...waiting }, which);
  const [described] = (await send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }))).TargetHealthDescriptions!;
  expect(described).toMatchObject({
    Target: { Id: "127.0.0.1", Port: target.port, AvailabilityZone: "us-east-1a" },
    HealthCheckPort: String(target.port),
    TargetHealth: { State: "healthy" },
    AdministrativeOverride: { State: "no_override" },
  });

  await send(new DeregisterTargetsCommand(which));
  expect(await health()).toMatchObject([
    {
      State: "draining",
      Reason: "Target.DeregistrationInProgress",
      Description: "Target deregistration is in progress",
    },
  ]);
  await waitUntilTargetDeregistered({ client: api.client, ...waiting }, which);
  expect((await send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }))).TargetHealthDescriptions).toEqual([]);
});

test("ALB-60: a draining target cannot be registered again before its delay is over", async () => {
  const { send, newGroup, refusal } = await setUp();
  const which = { TargetGroupArn: await newGroup("g"), Targets: [{ Id: "127.0.0.1", Port: 9 }] };
  await send(new RegisterTargetsCommand(which));
  await send(new RegisterTargetsCommand(which));
  await send(new DeregisterTargetsCommand(which));
  expect(await refusal(send(new RegisterTargetsCommand(which)))).toMatchObject({ code: "InvalidTargetException" });
});

test("ALB-60: only addresses inside are targets; deregistering an unknown one succeeds", async () => {
  const { send, newGroup, refusal } = await setUp();
  const TargetGroupArn = await newGroup("g");
  const register = (Id: string) => send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }));
  expect(await refusal(register("8.8.8.8"))).toMatchObject({ code: "InvalidTargetException" });
  expect(await refusal(register("localhost"))).toMatchObject({ code: "ValidationError" });
  await register("10.1.2.3");
  await send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "10.9.9.9", Port: 1 }] }));
  const missing = send(
    new RegisterTargetsCommand({ TargetGroupArn: `${TargetGroupArn}0`, Targets: [{ Id: "10.1.2.3" }] }),
  );
  expect(await refusal(missing)).toMatchObject({ code: "TargetGroupNotFoundException" });
});

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

test("ALB-91: attributes that do not exist, or that cannot be carried out, are refused and change nothing", async () => {
  const { send, lbArn, newGroup, refusal } = await setUp();
  const TargetGroupArn = await newGroup("g");
  const modify = (Key: string, Value: string) =>
    send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn,
        Attributes: [
          { Key: "deregistration_delay.timeout_seconds", Value: "7" },
          { Key, Value },
        ],
      }),
    );
  for (const [key, value] of [
    ["no.such.key", "1"],
    ["stickiness.enabled", "true"],
    ["slow_start.duration_seconds", "30"],
    ["deregistration_delay.connection_termination.enabled", "true"],
    ["load_balancing.algorithm.type", "magic"],
  ] as const) {
    expect(await refusal(modify(key, value))).toMatchObject({ code: "InvalidConfigurationRequestException" });
  }
  const { Attributes } = await send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  expect(Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "300" });
  const tooLong = { Key: "idle_timeout.timeout_seconds", Value: "4001" };
  expect(
    await refusal(send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: lbArn, Attributes: [tooLong] }))),
  ).toMatchObject({
    code: "InvalidConfigurationRequestException",
    message: "'idle_timeout.timeout_seconds' value '4001' must be between '1-4000' inclusive",
  });
});

test("ALB-99: health checks run at AWS's pace unless the process was told otherwise", async () => {
  const api = keep(await startApi());
  const create = (HealthCheckIntervalSeconds: number, HealthCheckTimeoutSeconds: number) =>
    api.client.send(
      new CreateTargetGroupCommand({
        ...{ Name: "g", Protocol: "HTTP", Port: 80, TargetType: "ip" },
        ...{ HealthCheckIntervalSeconds, HealthCheckTimeoutSeconds },
      }),
    );
  await expect(create(1, 1)).rejects.toMatchObject({ name: "ValidationError" });
  await expect(create(5, 5)).rejects.toThrow("Health check timeout '5' must be smaller than the interval '5'");
  await create(5, 2);
});

test("ALB-93: long lists come in pages", async () => {
  const { api, newGroup } = await setUp();
  for (const name of ["a", "b", "c", "d", "e"]) await newGroup(name);
  const pages: string[][] = [];
  for await (const each of paginateDescribeTargetGroups({ client: api.client }, { PageSize: 2 })) {
    pages.push(each.TargetGroups!.map((group) => group.TargetGroupName!));
  }
  expect(pages).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  await expect(api.client.send(new DescribeTargetGroupsCommand({ Marker: "bm9uc2Vuc2U" }))).rejects.toMatchObject({
    name: "ValidationError",
  });
});

test("ALB-98: tags are added, replaced, described and removed", async () => {
  const { send, lbArn, refusal } = await setUp();
  const ResourceArns = [lbArn];
  const add = (...Tags: { Key: string; Value: string }[]) => send(new AddTagsCommand({ ResourceArns, Tags }));
  await add({ Key: "team", Value: "red" }, { Key: "stage", Value: "dev" });
  await add({ Key: "team", Value: "blue" });
  await send(new RemoveTagsCommand({ ResourceArns, TagKeys: ["stage", "unknown"] }));
  expect((await send(new DescribeTagsCommand({ ResourceArns }))).TagDescriptions).toEqual([
    { ResourceArn: lbArn, Tags: [{ Key: "team", Value: "blue" }] },
  ]);
  expect(await refusal(add({ Key: "a", Value: "1" }, { Key: "a", Value: "2" }))).toMatchObject({
    code: "DuplicateTagKeysException",
  });
  expect(await refusal(add({ Key: "aws:a", Value: "1" }))).toMatchObject({ code: "ValidationError" });
});

test("ALB-90: account limits and security policies are told", async () => {
  const { send } = await setUp();
  const { Limits } = await send(new DescribeAccountLimitsCommand({}));
  expect(Limits).toContainEqual({ Name: "targets-per-target-group", Max: "1000" });
  const { SslPolicies } = await send(
    new DescribeSSLPoliciesCommand({ Names: ["ELBSecurityPolicy-TLS13-1-2-2021-06"] }),
  );
  expect(SslPolicies).toMatchObject([{ SslProtocols: ["TLSv1.2", "TLSv1.3"] }]);
});

test("ALB-91: what is not there is not found, by the right name", async () => {
  const { send, refusal } = await setUp();
  const cases: [Promise<unknown>, string][] = [
    [send(new DescribeLoadBalancersCommand({ Names: ["none"] })), "LoadBalancerNotFoundException"],
    [send(new DescribeTargetGroupsCommand({ Names: ["none"] })), "TargetGroupNotFoundException"],
    [send(new DescribeListenersCommand({ ListenerArns: ["arn:x"] })), "ListenerNotFoundException"],
    [send(new DescribeRulesCommand({ RuleArns: ["arn:x"] })), "RuleNotFoundException"],
    [send(new DescribeTargetHealthCommand({ TargetGroupArn: "arn:x" })), "TargetGroupNotFoundException"],
    [send(new DescribeListenersCommand({})), "ValidationError"],
  ];
  for (const [call, code] of cases) expect(await refusal(call)).toMatchObject({ code, status: 400 });
});
