// DescribeAccountLimits and DescribeSSLPolicies: what is the same for everybody.

import { accountLimits } from "../../limits.ts";
import { ElbError } from "../../model/errors.ts";
import { findPolicy, type SecurityPolicy, securityPolicies } from "../../model/security-policies.ts";
import { type Operation, operation } from "../operation.ts";
import { page, pagingMembers } from "../paging.ts";
import { list, oneOf, optional, text } from "../shape.ts";

const describeLimits = operation("DescribeAccountLimits", pagingMembers, (input) => {
  const { items, NextMarker } = page(Object.entries(accountLimits), ([name]) => name, input);
  return { Limits: items.map(([Name, max]) => ({ Name, Max: String(max) })), NextMarker };
});

const present = ({ name, versions, ciphers }: SecurityPolicy) => ({
  Name: name,
  SslProtocols: versions,
  Ciphers: ciphers.map((Name, i) => ({ Name, Priority: i + 1 })),
  SupportedLoadBalancerTypes: ["application"],
});

const describePolicies = operation(
  "DescribeSSLPolicies",
  { Names: optional(list(text())), LoadBalancerType: optional(oneOf("application")), ...pagingMembers },
  (input) => {
    const chosen = input.Names?.map((name) => {
      const found = findPolicy(name);
      if (!found) throw new ElbError("SSLPolicyNotFound", `SSL policy '${name}' not found`);
      return found;
    });
    const { items, NextMarker } = page(chosen ?? securityPolicies, (each) => each.name, input);
    return { SslPolicies: items.map(present), NextMarker };
  },
);

export const accountOperations: readonly Operation[] = [describeLimits, describePolicies];
