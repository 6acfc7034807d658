// SetSubnets, SetSecurityGroups, SetIpAddressType, DescribeCapacityReservation: what a load balancer has of a VPC. There
// is none here, so it is checked for sense, kept and told again, and has no effect.

import { invalid, invalidConfiguration } from "../../model/errors.ts";
import { type Store, withEntry } from "../../model/store.ts";
import type { LoadBalancer } from "../../model/types.ts";
import { type Operation, operation } from "../operation.ts";
import { optional, required, text } from "../shape.ts";
import {
  checkIpAddressType,
  ipAddressTypes,
  presentZones,
  securityGroupList,
  subnetMembers,
  subnetsOf,
} from "../subnets.ts";
import { findLoadBalancer } from "./load-balancers.ts";

function change(store: Store, arn: string, settings: Partial<LoadBalancer>): LoadBalancer {
  const next = { ...findLoadBalancer(store, arn), ...settings };
  checkIpAddressType(next);
  store.replace({ loadBalancers: withEntry(store.state.loadBalancers, arn, next) });
  return next;
}

const setSubnets = operation(
  "SetSubnets",
  { LoadBalancerArn: required(text()), ...subnetMembers, IpAddressType: optional(ipAddressTypes) },
  (input, { store }) => {
    const { ipAddressType } = findLoadBalancer(store, input.LoadBalancerArn);
    const subnets = subnetsOf(input);
    if (!subnets?.length) throw invalid("Either subnets or subnet mappings must be specified");
    const settings = { subnets, ipAddressType: input.IpAddressType ?? ipAddressType };
    const next = change(store, input.LoadBalancerArn, settings);
    return {
      AvailabilityZones: presentZones(next),
      IpAddressType: next.ipAddressType,
      EnablePrefixForIpv6SourceNat: "off",
    };
  },
);

const setSecurityGroups = operation(
  "SetSecurityGroups",
  { LoadBalancerArn: required(text()), SecurityGroups: required(securityGroupList) },
  ({ LoadBalancerArn, SecurityGroups: securityGroups }, { store }) => {
    findLoadBalancer(store, LoadBalancerArn);
    if (securityGroups.length === 0) throw invalidConfiguration("At least one security group must be specified");
    return { SecurityGroupIds: change(store, LoadBalancerArn, { securityGroups }).securityGroups };
  },
);

const setIpAddressType = operation(
  "SetIpAddressType",
  { LoadBalancerArn: required(text()), IpAddressType: required(ipAddressTypes) },
  ({ LoadBalancerArn, IpAddressType: ipAddressType }, { store }) => ({
    IpAddressType: change(store, LoadBalancerArn, { ipAddressType }).ipAddressType,
  }),
);

/** Nothing can be reserved; tools that only look, such as Terraform, find no reservation. */
const describeCapacity = operation(
  "DescribeCapacityReservation",
  { LoadBalancerArn: required(text()) },
  (input, { store }) => {
    findLoadBalancer(store, input.LoadBalancerArn);
    return { CapacityReservationState: [] };
  },
);

export const networkOperations: readonly Operation[] = [
  setSubnets,
  setSecurityGroups,
  setIpAddressType,
  describeCapacity,
];
