import {
  AddTagsCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeregisterTargetsCommand,
  DescribeAccountLimitsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeSSLPoliciesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  paginateDescribeTargetGroups,
  RegisterTargetsCommand,
  RemoveTagsCommand,
  waitUntilLoadBalancerAvailable,
  waitUntilLoadBalancersDeleted,
  waitUntilTargetDeregistered,
  waitUntilTargetInService,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { startApi } from "../testing/api.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { ok, rawTarget } from "../testing/raw-target.ts";

import { setUpSdk } from "../testing/sdk.ts";

const keep = closeAfterEach();
const setUp = () => setUpSdk(keep);
const waiting = { maxWaitTime: 10, minDelay: 1, maxDelay: 1 };

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
    ["load_balancing.cross_zone.enabled", "false"],
    ["slow_start.duration_seconds", "29"],
    ["deregistration_delay.connection_termination.enabled", "true"],
    ["load_balancing.algorithm.type", "magic"],
  ] as const) {
    expect(await refusal(modify(key, value))).toMatchObject({ code: "ValidationError" });
  }
  expect(await refusal(modify("target_group_health.dns_failover.minimum_healthy_targets.count", "2"))).toMatchObject({
    code: "InvalidConfigurationRequestException",
  });
  const { Attributes } = await send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  expect(Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "300" });
  const tooLong = { Key: "idle_timeout.timeout_seconds", Value: "4001" };
  expect(
    await refusal(send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: lbArn, Attributes: [tooLong] }))),
  ).toMatchObject({
    code: "ValidationError",
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
