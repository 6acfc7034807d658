// [AWS] The account's quotas, held for a state as a whole: whatever change leads there, one that exceeds a quota is
// refused before it is stored. Limits within one rule, action or tag list are checked where these are read.

import { accountLimits } from "../limits.ts";
import { ElbError } from "./errors.ts";
import type { State } from "./store.ts";
import type { TargetGroup } from "./types.ts";
import { groupUsage } from "./usage.ts";

const max = accountLimits;

function hold(code: string, what: string, count: number, most: number): void {
  if (count > most) throw new ElbError(code, `The maximum number of ${what} '${most}' has been reached`);
}

/** Throws AWS's error for the first quota that `state` exceeds. */
export function checkQuotas(state: State): void {
  hold("TooManyLoadBalancers", "load balancers", state.loadBalancers.size, max["application-load-balancers"]);
  hold("TooManyTargetGroups", "target groups", state.targetGroups.size, max["target-groups"]);
  for (const { targets } of state.targetGroups.values()) {
    hold("TooManyTargets", "targets per target group", targets.length, max["targets-per-target-group"]);
  }
  checkListeners(state);
  checkAssociations(state);
}

function checkListeners(state: State): void {
  for (const { arn } of state.loadBalancers.values()) {
    const listeners = [...state.listeners.values()].filter((each) => each.loadBalancerArn === arn);
    const own = new Set(listeners.map((each) => each.arn));
    const rules = [...state.rules.values()].filter((each) => own.has(each.listenerArn)).length;
    const certificates = listeners.reduce((sum, each) => sum + Math.max(0, each.certificateArns.length - 1), 0);
    const per = (what: string) => `${what} per load balancer`;
    hold("TooManyListeners", per("listeners"), listeners.length, max["listeners-per-application-load-balancer"]);
    hold("TooManyRules", per("rules"), rules, max["rules-per-application-load-balancer"]);
    hold("TooManyCertificates", per("certificates"), certificates, max["certificates-per-application-load-balancer"]);
  }
}

/** What follows from the target groups that a load balancer's actions name. */
function checkAssociations(state: State): void {
  const groupsOf = new Map<string, TargetGroup[]>();
  for (const [groupArn, users] of groupUsage(state)) {
    if (users.size > 1) {
      throw new ElbError(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${groupArn}`,
      );
    }
    const group = state.targetGroups.get(groupArn);
    if (!group) continue;
    for (const user of users) groupsOf.set(user, [...(groupsOf.get(user) ?? []), group]);
  }
  for (const groups of groupsOf.values()) {
    const unique = max["target-groups-per-application-load-balancer"];
    hold("TooManyUniqueTargetGroupsPerLoadBalancer", "unique target groups per load balancer", groups.length, unique);
    const registrations = new Map<string, number>();
    for (const { id } of groups.flatMap((each) => each.targets))
      registrations.set(id, (registrations.get(id) ?? 0) + 1);
    const most = max["target-id-registrations-per-application-load-balancer"];
    for (const [id, count] of registrations) {
      hold("TooManyRegistrationsForTargetId", `registrations of the target '${id}' per load balancer`, count, most);
    }
    const targets = groups.reduce((sum, each) => sum + each.targets.length, 0);
    hold("TooManyTargets", "targets per load balancer", targets, max["targets-per-application-load-balancer"]);
  }
}
