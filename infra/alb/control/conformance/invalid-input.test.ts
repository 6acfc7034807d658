// What no state of things could allow.

import { expect, test } from "vitest";
import {
  commands,
  context,
  groupAttribute,
  known,
  lbAttribute,
  newGroup,
  newListener,
  noGroup,
  noLb,
  type Row,
  testRefusals,
} from "./setting.ts";

const invalid: readonly Row[] = [
  [
    "CreateLoadBalancer",
    "a name over 32 characters",
    { Name: "x".repeat(33) },
    "ValidationError",
    "cannot be longer than '32' characters",
  ],
  ["CreateLoadBalancer", "a name that begins with internal-", { Name: "internal-x" }, "ValidationError", "internal-"],
  ["CreateLoadBalancer", "a network load balancer", { Name: "n", Type: "network" }, "ValidationError", "[application]"],
  [
    "CreateLoadBalancer",
    "subnets in both forms",
    { Name: "n", Subnets: ["a"], SubnetMappings: [{ SubnetId: "a" }] },
    "ValidationError",
    "not both",
  ],
  [
    "CreateLoadBalancer",
    "one subnet twice",
    { Name: "n", Subnets: ["a", "a"] },
    "InvalidConfigurationRequest",
    "multiple subnets in the same Availability Zone",
  ],
  [
    "CreateLoadBalancer",
    "an address type for the internet",
    { Name: "n", Scheme: "internal", IpAddressType: "dualstack-without-public-ipv4" },
    "InvalidConfigurationRequest",
    "internet-facing",
  ],
  [
    "CreateLoadBalancer",
    "customer-owned addresses",
    { Name: "n", CustomerOwnedIpv4Pool: "pool" },
    "ValidationError",
    "'CustomerOwnedIpv4Pool'",
  ],
  ["SetSubnets", "none", () => ({ LoadBalancerArn: known.lb }), "ValidationError", "must be specified"],
  [
    "SetSecurityGroups",
    "none",
    () => ({ LoadBalancerArn: known.lb, SecurityGroups: [] }),
    "InvalidConfigurationRequest",
    "At least one",
  ],
  [
    "DescribeLoadBalancers",
    "names and ARNs",
    { Names: ["a"], LoadBalancerArns: [noLb] },
    "ValidationError",
    "cannot be specified at the same time",
  ],
  [
    "DescribeTargetGroups",
    "names and ARNs",
    { Names: ["a"], TargetGroupArns: [noGroup] },
    "ValidationError",
    "Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time",
  ],
  [
    "DescribeListeners",
    "neither ARN",
    {},
    "ValidationError",
    "You must specify either listener ARNs or a load balancer ARN",
  ],
  [
    "DescribeRules",
    "both ARNs",
    () => ({ ListenerArn: known.listener, RuleArns: [known.rule] }),
    "ValidationError",
    "Listener rule ARNs and a listener ARN cannot be specified at the same time",
  ],
  [
    "CreateTargetGroup",
    "a name with a hyphen in front",
    newGroup({ Name: "-x" }),
    "ValidationError",
    "Target group name '-x' cannot begin or end with '-'",
  ],
  [
    "CreateTargetGroup",
    "a name over 32 characters",
    newGroup({ Name: "x".repeat(33) }),
    "ValidationError",
    "cannot be longer than '32' characters",
  ],
  ["CreateTargetGroup", "no port", newGroup({ Port: undefined }), "ValidationError", "A port must be specified"],
  [
    "CreateTargetGroup",
    "a timeout as long as the interval",
    newGroup({ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 6 }),
    "ValidationError",
    "Health check timeout '6' must be smaller than the interval '5'",
  ],
  [
    "CreateTargetGroup",
    "a matcher that is none",
    newGroup({ Matcher: { HttpCode: "2xx" } }),
    "ValidationError",
    "HttpCode must be like 200 | 200-399 | 200,201 ...",
  ],
  ["CreateTargetGroup", "instances", newGroup({ TargetType: "instance" }), "InvalidConfigurationRequest", "'instance'"],
  [
    "ModifyTargetGroup",
    "health checks off",
    () => ({ TargetGroupArn: known.group, HealthCheckEnabled: false }),
    "InvalidConfigurationRequest",
    "Health check enabled must be true",
  ],
  [
    "ModifyTargetGroupAttributes",
    "a delay over 3600",
    groupAttribute("deregistration_delay.timeout_seconds", "3601"),
    "ValidationError",
    "'deregistration_delay.timeout_seconds' value '3601' must be between '0-3600' inclusive",
  ],
  [
    "ModifyTargetGroupAttributes",
    "an unknown key",
    groupAttribute("no.such.key", "1"),
    "ValidationError",
    "'no.such.key'",
  ],
  [
    "ModifyTargetGroupAttributes",
    "none",
    () => ({ TargetGroupArn: known.group, Attributes: [] }),
    "ValidationError",
    "At least one attribute",
  ],
  [
    "ModifyLoadBalancerAttributes",
    "an idle timeout of zero",
    lbAttribute("idle_timeout.timeout_seconds", "0"),
    "ValidationError",
    "'1-4000'",
  ],
  [
    "ModifyLoadBalancerAttributes",
    "a log bucket",
    lbAttribute("access_logs.s3.enabled", "true"),
    "InvalidConfigurationRequest",
    "not supported",
  ],
  [
    "ModifyListenerAttributes",
    "an unknown key",
    () => ({ ListenerArn: known.listener, Attributes: [{ Key: "constructor", Value: "x" }] }),
    "ValidationError",
    "'constructor'",
  ],
  [
    "CreateListener",
    "no port",
    newListener(() => ({ Port: undefined })),
    "ValidationError",
    "A port must be specified",
  ],
  ["CreateListener", "TCP", newListener(() => ({ Protocol: "TCP" })), "ValidationError", "[HTTP, HTTPS]"],
  [
    "CreateListener",
    "HTTPS without a certificate",
    newListener(() => ({ Protocol: "HTTPS" })),
    "ValidationError",
    "certificate must be specified",
  ],
  [
    "CreateListener",
    "HTTP with a policy",
    newListener(() => ({ SslPolicy: "ELBSecurityPolicy-2016-08" })),
    "ValidationError",
    "SSL policy",
  ],
  [
    "CreateListener",
    "mutual TLS",
    newListener(() => ({ MutualAuthentication: { Mode: "verify" } })),
    "ValidationError",
    "'MutualAuthentication",
  ],
  [
    "AddListenerCertificates",
    "an HTTP listener",
    () => ({ ListenerArn: known.listener, Certificates: [{ CertificateArn: known.certificate }] }),
    "ValidationError",
    "HTTP listener",
  ],
  [
    "AddListenerCertificates",
    "a claim to be the default",
    () => ({ ListenerArn: known.https, Certificates: [{ CertificateArn: known.certificate, IsDefault: true }] }),
    "ValidationError",
    "IsDefault",
  ],
  [
    "AddListenerCertificates",
    "none",
    () => ({ ListenerArn: known.https, Certificates: [] }),
    "ValidationError",
    "must be specified",
  ],
  [
    "RegisterTargets",
    "no target",
    () => ({ TargetGroupArn: known.group, Targets: [] }),
    "ValidationError",
    "At least one target",
  ],
  [
    "RegisterTargets",
    "a host name",
    () => ({ TargetGroupArn: known.group, Targets: [{ Id: "localhost" }] }),
    "ValidationError",
    "'localhost'",
  ],
  [
    "AddTags",
    "a reserved key",
    () => ({ ResourceArns: [known.lb], Tags: [{ Key: "aws:x", Value: "" }] }),
    "ValidationError",
    "aws:",
  ],
  [
    "AddTags",
    "no ARN of ours",
    { ResourceArns: ["arn:x"], Tags: [{ Key: "a", Value: "" }] },
    "ValidationError",
    "'arn:x'",
  ],
  ["DescribeTargetGroups", "a marker that is none", { Marker: "bm9uc2Vuc2U" }, "ValidationError", "Marker"],
  [
    "CreateTrustStore",
    "",
    { Name: "t", CaCertificatesBundleS3Bucket: "b", CaCertificatesBundleS3Key: "k" },
    "InvalidAction",
    "'CreateTrustStore'",
  ],
  [
    "ModifyCapacityReservation",
    "",
    () => ({ LoadBalancerArn: known.lb, ResetCapacityReservation: true }),
    "InvalidAction",
    "'ModifyCapacityReservation'",
  ],
  ["ModifyIpPools", "", () => ({ LoadBalancerArn: known.lb }), "InvalidAction", "'ModifyIpPools'"],
  ["GetResourcePolicy", "", () => ({ ResourceArn: known.lb }), "InvalidAction", "'GetResourcePolicy'"],
];

testRefusals(invalid);

test("ALB-91: every operation of the SDK is either served or refused by its name", async () => {
  const names = Object.keys(commands).flatMap((each) => /^([A-Z]\w+)Command$/.exec(each)?.[1] ?? []);
  expect(names.length).toBeGreaterThan(50);
  const notServed: string[] = [];
  for (const name of names) {
    const { text } = await context.api.raw(`Action=${name}&Version=2015-12-01&NoSuchParameter=1`);
    if (text.includes("<Code>InvalidAction</Code>")) notServed.push(name);
    else expect(text).toMatch(/<Code>ValidationError<\/Code><Message>Unknown parameter &apos;NoSuchParameter&apos;/);
  }
  expect(notServed.filter((each) => !/TrustStore|IpPools|ResourcePolicy|ModifyCapacity/.test(each))).toEqual([]);
});
