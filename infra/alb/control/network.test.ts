import {
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  DescribeCapacityReservationCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ModifyListenerCommand,
  paginateDescribeTargetGroups,
  RegisterTargetsCommand,
  SetIpAddressTypeCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { accountLimits } from "../limits.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { setUpSdk } from "../testing/sdk.ts";
import { shownCertificate } from "../testing/shown-certificate.ts";

const keep = closeAfterEach();
const setUp = () => setUpSdk(keep);

test("ALB-101: subnets, security groups and address types are set and told again; no capacity is reserved", async () => {
  const { send, lbArn: LoadBalancerArn } = await setUp();
  const zones = await send(new SetSubnetsCommand({ LoadBalancerArn, Subnets: ["subnet-7", "subnet-8"] }));
  expect(zones).toMatchObject({
    IpAddressType: "ipv4",
    AvailabilityZones: [
      { ZoneName: "us-east-1a", SubnetId: "subnet-7" },
      { ZoneName: "us-east-1b", SubnetId: "subnet-8" },
    ],
  });
  const groups = await send(new SetSecurityGroupsCommand({ LoadBalancerArn, SecurityGroups: ["sg-1"] }));
  expect(groups.SecurityGroupIds).toEqual(["sg-1"]);
  const type = await send(new SetIpAddressTypeCommand({ LoadBalancerArn, IpAddressType: "dualstack" }));
  expect(type.IpAddressType).toBe("dualstack");
  const { LoadBalancers } = await send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] }));
  expect(LoadBalancers).toMatchObject([
    { AvailabilityZones: zones.AvailabilityZones, SecurityGroups: ["sg-1"], IpAddressType: "dualstack" },
  ]);
  const { CapacityReservationState } = await send(new DescribeCapacityReservationCommand({ LoadBalancerArn }));
  expect(CapacityReservationState).toEqual([]);
});

test("ALB-105: a listener that becomes HTTPS needs a certificate, and one that becomes HTTP gives its own up", async () => {
  const { api, send, newGroup, newListener, refusal } = await setUp();
  const { ListenerArn, Port } = await newListener(await newGroup("g"));
  expect(await refusal(send(new ModifyListenerCommand({ ListenerArn, Protocol: "HTTPS" })))).toMatchObject({
    ...{ code: "ValidationError", message: "A certificate must be specified for HTTPS listeners" },
  });
  const Certificates = [{ CertificateArn: api.certificateArn }];
  await send(new ModifyListenerCommand({ ListenerArn, Protocol: "HTTPS", Certificates }));
  expect((await shownCertificate(Port!, "localhost")).name).toBe("localhost");
  await send(new ModifyListenerCommand({ ListenerArn, Protocol: "HTTP" }));
  const { Listeners } = await send(new DescribeListenersCommand({ ListenerArns: [ListenerArn!] }));
  expect(Listeners![0]).toMatchObject({ Protocol: "HTTP" });
  expect(Listeners![0]!.Certificates ?? []).toEqual([]);
  expect((await fetch(`http://127.0.0.1:${Port}/`)).status).toBe(503);
});

test("ALB-100: quotas hold for what the API makes, one by one or many at once", { timeout: 60_000 }, async () => {
  const { send, newGroup, newListener, forwardTo, refusal } = await setUp();
  const group = await newGroup("g");
  const { ListenerArn } = await newListener(group);
  const rule = (Priority: number) =>
    send(
      new CreateRuleCommand({
        ...{ ListenerArn, Priority, Actions: forwardTo(group) },
        Conditions: [{ Field: "path-pattern", Values: ["/"] }],
      }),
    );
  const mostRules = accountLimits["rules-per-application-load-balancer"];
  for (let priority = 1; priority <= mostRules; priority++) await rule(priority);
  expect(await refusal(rule(mostRules + 1))).toMatchObject({
    ...{ code: "TooManyRulesException", message: expect.stringContaining(`'${mostRules}'`), status: 400 },
  });
  // Nothing forwards to it, so nothing is checked.
  const TargetGroupArn = await newGroup("unused");
  const register = (count: number, port: number) => {
    const Targets = Array.from({ length: count }, (_, i) => ({ Id: `10.0.${i >> 8}.${i & 255}`, Port: port }));
    return send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  };
  await register(600, 1);
  expect(await refusal(register(600, 2))).toMatchObject({ code: "TooManyTargetsException", status: 400 });
  await register(400, 2);
  const made = accountLimits["application-load-balancers"] - 1;
  for (let i = 0; i < made; i++) await send(new CreateLoadBalancerCommand({ Name: `lb-${i}` }));
  expect(await refusal(send(new CreateLoadBalancerCommand({ Name: "one-more" })))).toMatchObject({
    code: "TooManyLoadBalancersException",
  });
});

test("ALB-93: of many, each is told once, also when one that was told goes meanwhile", {
  timeout: 60_000,
}, async () => {
  const { api, newGroup } = await setUp();
  const names = Array.from({ length: 120 }, (_, i) => `group-${i}`);
  for (const name of names) await newGroup(name);
  const told: (string | undefined)[] = [];
  for await (const page of paginateDescribeTargetGroups({ client: api.client }, { PageSize: 50 })) {
    told.push(...page.TargetGroups!.map((each) => each.TargetGroupName));
    const first = page.TargetGroups![0]!.TargetGroupArn!;
    await api.raw(`Action=DeleteTargetGroup&Version=2015-12-01&TargetGroupArn=${encodeURIComponent(first)}`);
  }
  expect(told).toEqual(names);
});
