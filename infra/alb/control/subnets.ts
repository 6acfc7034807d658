// Subnets, zones and address types of a load balancer, as the API reads and tells them. There is no VPC: nothing follows.

import { region } from "../model/arns.ts";
import { invalid, invalidConfiguration } from "../model/errors.ts";
import type { LoadBalancer } from "../model/types.ts";
import { list, oneOf, optional, required, structure, text } from "./shape.ts";

export const subnetMembers = {
  Subnets: optional(list(text({ minLength: 1 }))),
  SubnetMappings: optional(list(structure({ SubnetId: required(text({ minLength: 1 })) }))),
};
export const securityGroupList = list(text({ minLength: 1 }));
export const ipAddressTypes = oneOf("ipv4", "dualstack", "dualstack-without-public-ipv4");

interface SubnetInput {
  readonly Subnets: readonly string[] | undefined;
  readonly SubnetMappings: readonly { readonly SubnetId: string }[] | undefined;
}

/** Undefined when the call names none. */
export function subnetsOf({ Subnets, SubnetMappings }: SubnetInput): readonly string[] | undefined {
  if (Subnets && SubnetMappings) throw invalid("Specify either subnets or subnet mappings, not both");
  const subnets = Subnets ?? SubnetMappings?.map((each) => each.SubnetId);
  if (subnets && new Set(subnets).size < subnets.length) {
    throw invalidConfiguration("A load balancer cannot be attached to multiple subnets in the same Availability Zone");
  }
  return subnets;
}

export function checkIpAddressType({ scheme, ipAddressType }: Pick<LoadBalancer, "scheme" | "ipAddressType">): void {
  if (scheme === "internal" && ipAddressType === "dualstack-without-public-ipv4") {
    throw invalidConfiguration(
      "The IP address type 'dualstack-without-public-ipv4' needs an internet-facing load balancer",
    );
  }
}

/** Each subnet is told as one in a zone of its own. */
export const presentZones = ({ subnets }: LoadBalancer) =>
  subnets.map((SubnetId, i) => ({
    ZoneName: `${region}${"abcdef"[i % 6]}`,
    SubnetId,
    LoadBalancerAddresses: [],
  }));
