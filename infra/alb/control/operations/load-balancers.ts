// CreateLoadBalancer, DescribeLoadBalancers, DeleteLoadBalancer and the attributes.

import { loadBalancerArn, region } from "../../model/arns.ts";
import { initialAttributes, loadBalancerAttributes } from "../../model/attributes.ts";
import { ElbError, invalid, loadBalancerNotFound, notPermitted } from "../../model/errors.ts";
import { type Store, withEntry, withoutEntries } from "../../model/store.ts";
import type { LoadBalancer } from "../../model/types.ts";
import { attributeOperations } from "../attribute-operations.ts";
import { checkName } from "../names.ts";
import { type Operation, operation } from "../operation.ts";
import { page, pagingMembers } from "../paging.ts";
import { list, oneOf, optional, required, text } from "../shape.ts";
import {
  checkIpAddressType,
  ipAddressTypes,
  presentZones,
  securityGroupList,
  subnetMembers,
  subnetsOf,
} from "../subnets.ts";
import { sameTags, tagList, tagsWith } from "../tagging.ts";

export function findLoadBalancer(store: Store, arn: string): LoadBalancer {
  const found = store.state.loadBalancers.get(arn);
  if (!found) throw loadBalancerNotFound();
  return found;
}

const present = (each: LoadBalancer) => ({
  LoadBalancerArn: each.arn,
  DNSName: each.dnsName,
  CanonicalHostedZoneId: "Z35SXDOTRQ7X7K",
  CreatedTime: new Date(each.createdAtMs),
  LoadBalancerName: each.name,
  Scheme: each.scheme,
  VpcId: "vpc-00000000",
  State: { Code: "active" },
  Type: "application",
  AvailabilityZones: presentZones(each),
  SecurityGroups: each.securityGroups,
  IpAddressType: each.ipAddressType,
  EnablePrefixForIpv6SourceNat: "off",
});

const create = operation(
  "CreateLoadBalancer",
  {
    Name: required(text()),
    ...subnetMembers,
    SecurityGroups: optional(securityGroupList),
    Scheme: optional(oneOf("internet-facing", "internal")),
    Type: optional(oneOf("application")),
    IpAddressType: optional(ipAddressTypes),
    Tags: optional(tagList),
  },
  (input, { store, clock, newId }) => {
    checkName("Load balancer", input.Name);
    const settings = {
      name: input.Name,
      scheme: input.Scheme ?? "internet-facing",
      ipAddressType: input.IpAddressType ?? "ipv4",
      subnets: subnetsOf(input) ?? [],
      securityGroups: input.SecurityGroups ?? [],
    } as const;
    checkIpAddressType(settings);
    const { loadBalancers, tags } = store.state;
    const existing = [...loadBalancers.values()].find((each) => each.name === input.Name);
    if (existing) {
      const same = Object.entries(settings).every(
        ([key, value]) => JSON.stringify(existing[key as keyof LoadBalancer]) === JSON.stringify(value),
      );
      if (same && sameTags(tags.get(existing.arn), input.Tags)) return { LoadBalancers: [present(existing)] };
      throw new ElbError("DuplicateLoadBalancerName", "A load balancer with the specified name already exists.");
    }
    const arn = loadBalancerArn(input.Name, newId());
    const number = Number.parseInt(arn.slice(-8), 16);
    const made: LoadBalancer = {
      ...{ arn, ...settings, createdAtMs: clock.nowMs(), attributes: initialAttributes(loadBalancerAttributes) },
      dnsName: `${settings.scheme === "internal" ? "internal-" : ""}${input.Name}-${number}.${region}.elb.amazonaws.com`,
    };
    store.replace({ loadBalancers: withEntry(loadBalancers, arn, made), tags: tagsWith(store, arn, input.Tags) });
    return { LoadBalancers: [present(made)] };
  },
);

const describe = operation(
  "DescribeLoadBalancers",
  { LoadBalancerArns: optional(list(text(), 20)), Names: optional(list(text())), ...pagingMembers },
  (input, { store }) => {
    const { LoadBalancerArns: arns, Names: names } = input;
    if (arns && names) throw invalid("Load balancer names and load balancer ARNs cannot be specified at the same time");
    let chosen = [...store.state.loadBalancers.values()];
    if (arns) chosen = arns.map((arn) => findLoadBalancer(store, arn));
    if (names) {
      const wanted = new Set(names);
      chosen = chosen.filter((each) => wanted.has(each.name));
      if (chosen.length < wanted.size) {
        const missing = names.filter((name) => !chosen.some((each) => each.name === name));
        throw new ElbError("LoadBalancerNotFound", `Load balancers '[${missing.join(", ")}]' not found`);
      }
    }
    const { items, NextMarker } = page(chosen, (each) => each.arn, input);
    return { LoadBalancers: items.map(present), NextMarker };
  },
);

const remove = operation("DeleteLoadBalancer", { LoadBalancerArn: required(text()) }, (input, { store }) => {
  const { loadBalancers, listeners, rules, tags } = store.state;
  const existing = loadBalancers.get(input.LoadBalancerArn);
  // Already gone is as good as deleted.
  if (!existing) return {};
  if (existing.attributes["deletion_protection.enabled"] === "true") {
    throw notPermitted(`Load balancer '${existing.arn}' cannot be deleted because deletion protection is enabled`);
  }
  const left = withoutEntries(listeners, (_, each) => each.loadBalancerArn === existing.arn);
  const leftRules = withoutEntries(rules, (_, each) => !left.has(each.listenerArn));
  const prefix = existing.arn.split(":loadbalancer/")[1]!;
  store.replace({
    loadBalancers: withoutEntries(loadBalancers, (arn) => arn === existing.arn),
    listeners: left,
    rules: leftRules,
    tags: withoutEntries(tags, (arn) => arn === existing.arn || arn.includes(`/${prefix}/`)),
  });
  return {};
});

export const loadBalancerOperations: readonly Operation[] = [
  create,
  describe,
  remove,
  ...attributeOperations({
    kind: "LoadBalancer",
    table: loadBalancerAttributes,
    find: findLoadBalancer,
    put: ({ loadBalancers }, next) => ({ loadBalancers: withEntry(loadBalancers, next.arn, next) }),
  }),
];
