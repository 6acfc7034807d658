// CreateTargetGroup, DescribeTargetGroups, ModifyTargetGroup, DeleteTargetGroup and the attributes.

import { targetGroupArn } from "../../model/arns.ts";
import { initialAttributes, targetGroupAttributes } from "../../model/attributes.ts";
import { checkGroupBalancing } from "../../model/balancing-checks.ts";
import { ElbError, invalid, invalidConfiguration, targetGroupNotFound } from "../../model/errors.ts";
import { initialHealthCheck } from "../../model/initial-health-check.ts";
import { parseMatcher } from "../../model/matcher.ts";
import { type Store, withEntry, withoutEntries } from "../../model/store.ts";
import type { HealthCheck, TargetGroup } from "../../model/types.ts";
import { groupUsage } from "../../model/usage.ts";
import { attributeOperations } from "../attribute-operations.ts";
import { checkName } from "../names.ts";
import { type ControlContext, type Operation, operation } from "../operation.ts";
import { page, pagingMembers } from "../paging.ts";
import { boolean, type InputOf, integer, list, oneOf, optional, required, structure, text } from "../shape.ts";
import { sameTags, tagList, tagsWith } from "../tagging.ts";
import { findLoadBalancer } from "./load-balancers.ts";

/** From 1 s only with the process flag; otherwise AWS's bounds, checked in `healthCheckOf`. */
const healthCheckMembers = {
  HealthCheckProtocol: optional(oneOf("HTTP", "HTTPS")),
  HealthCheckPort: optional(text({ pattern: /^(traffic-port|[1-9]\d{0,4})$/ })),
  HealthCheckPath: optional(text({ minLength: 1, maxLength: 1_024, pattern: /^\/[\x21-\x7e]*$/ })),
  HealthCheckEnabled: optional(boolean()),
  HealthCheckIntervalSeconds: optional(integer(1, 300)),
  HealthCheckTimeoutSeconds: optional(integer(1, 120)),
  HealthyThresholdCount: optional(integer(2, 10)),
  UnhealthyThresholdCount: optional(integer(2, 10)),
  Matcher: optional(structure({ HttpCode: optional(text()) })),
};

function healthCheckOf(
  input: InputOf<typeof healthCheckMembers>,
  before: HealthCheck,
  { fastHealthChecks }: ControlContext,
): HealthCheck {
  if (input.HealthCheckEnabled === false) {
    throw invalidConfiguration("Health check enabled must be true for target groups with target type 'ip'");
  }
  const next: HealthCheck = {
    protocol: input.HealthCheckProtocol ?? before.protocol,
    port: input.HealthCheckPort ?? before.port,
    path: input.HealthCheckPath ?? before.path,
    intervalSeconds: input.HealthCheckIntervalSeconds ?? before.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? before.timeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount ?? before.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? before.unhealthyThreshold,
    matcher: input.Matcher?.HttpCode ?? before.matcher,
  };
  if (next.port !== "traffic-port" && Number(next.port) > 65_535) {
    throw invalid(`Health check port '${next.port}' must be 'traffic-port' or between '1-65535' inclusive`);
  }
  if (!parseMatcher(next.matcher)) throw invalid("HttpCode must be like 200 | 200-399 | 200,201 ...");
  if (!fastHealthChecks) {
    if (next.intervalSeconds < 5)
      throw invalid(`Health check interval '${next.intervalSeconds}' must be between '5-300'`);
    if (next.timeoutSeconds < 2) throw invalid(`Health check timeout '${next.timeoutSeconds}' must be between '2-120'`);
  }
  // With the flag, one second of interval leaves no room for a smaller timeout.
  const tooLong = fastHealthChecks
    ? next.timeoutSeconds > next.intervalSeconds
    : next.timeoutSeconds >= next.intervalSeconds;
  if (tooLong) {
    throw invalid(
      `Health check timeout '${next.timeoutSeconds}' must be smaller than the interval '${next.intervalSeconds}'`,
    );
  }
  return next;
}

export function findTargetGroup(store: Store, arn: string): TargetGroup {
  const found = store.state.targetGroups.get(arn);
  if (!found) throw targetGroupNotFound();
  return found;
}

const presentAll = (groups: readonly TargetGroup[], store: Store) => {
  const usage = groupUsage(store.state);
  return groups.map((each) => ({
    TargetGroupArn: each.arn,
    TargetGroupName: each.name,
    Protocol: each.protocol,
    Port: each.port,
    VpcId: each.vpcId,
    HealthCheckProtocol: each.healthCheck.protocol,
    HealthCheckPort: each.healthCheck.port,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: each.healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: each.healthCheck.timeoutSeconds,
    HealthyThresholdCount: each.healthCheck.healthyThreshold,
    UnhealthyThresholdCount: each.healthCheck.unhealthyThreshold,
    HealthCheckPath: each.healthCheck.path,
    Matcher: { HttpCode: each.healthCheck.matcher },
    LoadBalancerArns: [...(usage.get(each.arn) ?? [])],
    TargetType: "ip",
    ProtocolVersion: "HTTP1",
    IpAddressType: each.ipAddressType,
  }));
};

const create = operation(
  "CreateTargetGroup",
  {
    Name: required(text()),
    Protocol: optional(oneOf("HTTP", "HTTPS")),
    ProtocolVersion: optional(oneOf("HTTP1")),
    Port: optional(integer(1, 65_535)),
    VpcId: optional(text({ minLength: 1 })),
    TargetType: optional(oneOf("ip", "instance")),
    IpAddressType: optional(oneOf("ipv4", "ipv6")),
    Tags: optional(tagList),
    ...healthCheckMembers,
  },
  (input, context) => {
    const { store, newId } = context;
    checkName("Target group", input.Name);
    if (!input.Protocol) throw invalid("A protocol must be specified");
    if (!input.Port) throw invalid("A port must be specified");
    if (input.TargetType !== "ip") {
      throw invalidConfiguration("Target type 'instance' is not supported by this load balancer; specify 'ip'");
    }
    const settings = {
      name: input.Name,
      protocol: input.Protocol,
      port: input.Port,
      vpcId: input.VpcId,
      ipAddressType: input.IpAddressType ?? "ipv4",
      healthCheck: healthCheckOf(input, initialHealthCheck, context),
    } as const;
    const { targetGroups, tags } = store.state;
    const existing = [...targetGroups.values()].find((each) => each.name === input.Name);
    if (existing) {
      const same = Object.entries(settings).every(
        ([key, value]) => JSON.stringify(existing[key as keyof TargetGroup]) === JSON.stringify(value),
      );
      if (same && sameTags(tags.get(existing.arn), input.Tags)) return { TargetGroups: presentAll([existing], store) };
      throw new ElbError("DuplicateTargetGroupName", "A target group with the specified name already exists.");
    }
    const arn = targetGroupArn(input.Name, newId());
    const made: TargetGroup = { arn, ...settings, attributes: initialAttributes(targetGroupAttributes), targets: [] };
    store.replace({ targetGroups: withEntry(targetGroups, arn, made), tags: tagsWith(store, arn, input.Tags) });
    return { TargetGroups: presentAll([made], store) };
  },
);

const describe = operation(
  "DescribeTargetGroups",
  {
    LoadBalancerArn: optional(text()),
    TargetGroupArns: optional(list(text())),
    Names: optional(list(text())),
    ...pagingMembers,
  },
  (input, { store }) => {
    const { LoadBalancerArn: loadBalancer, TargetGroupArns: arns, Names: names } = input;
    if ([loadBalancer, arns, names].filter((each) => each !== undefined).length > 1) {
      throw invalid(
        "Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time",
      );
    }
    let chosen = [...store.state.targetGroups.values()];
    if (loadBalancer !== undefined) {
      findLoadBalancer(store, loadBalancer);
      const usage = groupUsage(store.state);
      chosen = chosen.filter((each) => usage.get(each.arn)?.has(loadBalancer));
    }
    if (arns) chosen = arns.map((arn) => findTargetGroup(store, arn));
    if (names) {
      chosen = chosen.filter((each) => names.includes(each.name));
      if (chosen.length < new Set(names).size) throw targetGroupNotFound();
    }
    const { items, NextMarker } = page(chosen, (each) => each.arn, input);
    return { TargetGroups: presentAll(items, store), NextMarker };
  },
);

const modify = operation(
  "ModifyTargetGroup",
  { TargetGroupArn: required(text()), ...healthCheckMembers },
  (input, context) => {
    const { store } = context;
    const existing = findTargetGroup(store, input.TargetGroupArn);
    const next = { ...existing, healthCheck: healthCheckOf(input, existing.healthCheck, context) };
    store.replace({ targetGroups: withEntry(store.state.targetGroups, existing.arn, next) });
    return { TargetGroups: presentAll([next], store) };
  },
);

const remove = operation("DeleteTargetGroup", { TargetGroupArn: required(text()) }, (input, { store }) => {
  const { targetGroups, tags } = store.state;
  const arn = input.TargetGroupArn;
  if (groupUsage(store.state).has(arn)) {
    throw new ElbError("ResourceInUse", `Target group '${arn}' is currently in use by a listener or a rule`);
  }
  store.replace({
    targetGroups: withoutEntries(targetGroups, (key) => key === arn),
    tags: withoutEntries(tags, (key) => key === arn),
  });
  return {};
});

export const targetGroupOperations: readonly Operation[] = [
  create,
  describe,
  modify,
  remove,
  ...attributeOperations({
    kind: "TargetGroup",
    table: targetGroupAttributes,
    find: findTargetGroup,
    put: ({ targetGroups }, next) => ({ targetGroups: withEntry(targetGroups, next.arn, next) }),
    check: checkGroupBalancing,
  }),
];
