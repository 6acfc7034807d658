// Balancing settings that are good by themselves but not together: slow start, stickiness, algorithm, anomaly mitigation.
// Sentences that were seen in real answers are marked [obs]; the others are ours.

import { invalidConfiguration } from "./errors.ts";
import type { State } from "./store.ts";
import type { Action, Attributes, ForwardAction, TargetGroup } from "./types.ts";

const isSticky = (attributes: Attributes) => attributes["stickiness.enabled"] === "true";
const usesAppCookie = (attributes: Attributes) => attributes["stickiness.type"] === "app_cookie";

/** Throws when the group's attributes do not go together, or not with the actions that forward to it. */
export function checkGroupBalancing(next: TargetGroup, state: State): void {
  const { attributes } = next;
  const algorithm = attributes["load_balancing.algorithm.type"];
  if (attributes["slow_start.duration_seconds"] !== "0" && algorithm !== "round_robin") {
    throw invalidConfiguration(`Slow start cannot be used with the load balancing algorithm '${algorithm}'`);
  }
  if (attributes["load_balancing.algorithm.anomaly_mitigation"] === "on" && algorithm !== "weighted_random") {
    throw invalidConfiguration(
      "Anomaly mitigation can only be used with the load balancing algorithm 'weighted_random'",
    );
  }
  if (!isSticky(attributes)) return;
  if (algorithm === "weighted_random") {
    throw invalidConfiguration("Stickiness cannot be used with the load balancing algorithm 'weighted_random'");
  }
  if (usesAppCookie(attributes) && attributes["stickiness.app_cookie.cookie_name"] === "") {
    throw invalidConfiguration(
      "'stickiness.app_cookie.cookie_name' must be specified when the stickiness type is 'app_cookie'",
    );
  }
  for (const { ruleArn, forward } of weightedForwardsTo(next.arn, state)) {
    if (usesAppCookie(attributes)) throw appCookieInWeighted(next.arn);
    if (!forward.ForwardConfig.TargetGroupStickinessConfig.Enabled) {
      // [obs]
      throw invalidConfiguration(
        `This target group appears behind a rule with group stickiness disabled (${ruleArn}). ` +
          "You must enable group stickiness before enabling target stickiness",
      );
    }
  }
}

/** Throws when the action's groups are sticky in a way that its weights do not go with. */
export function checkForwardBalancing({ ForwardConfig }: ForwardAction, state: State): void {
  const { TargetGroups: groups, TargetGroupStickinessConfig: stickiness } = ForwardConfig;
  if (groups.length < 2) return;
  for (const { TargetGroupArn: arn } of groups) {
    const attributes = state.targetGroups.get(arn)?.attributes ?? {};
    if (!isSticky(attributes)) continue;
    if (usesAppCookie(attributes)) throw appCookieInWeighted(arn);
    if (!stickiness.Enabled) {
      // [obs]
      throw invalidConfiguration(
        "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups",
      );
    }
  }
}

const appCookieInWeighted = (arn: string) =>
  invalidConfiguration(`Application-based stickiness cannot be used with weighted target groups: '${arn}'`);

/** Forwards to several groups of which the named one is one, each with the ARN of its rule. */
function weightedForwardsTo(groupArn: string, state: State): { ruleArn: string; forward: ForwardAction }[] {
  const all: (readonly [string, readonly Action[]])[] = [
    ...[...state.listeners.values()].map((each) => [each.defaultRuleArn, each.defaultActions] as const),
    ...[...state.rules.values()].map((each) => [each.arn, each.actions] as const),
  ];
  return all.flatMap(([ruleArn, actions]) =>
    actions.flatMap((action) => {
      if (action.Type !== "forward") return [];
      const groups = action.ForwardConfig.TargetGroups;
      const named = groups.length > 1 && groups.some((each) => each.TargetGroupArn === groupArn);
      return named ? [{ ruleArn, forward: action }] : [];
    }),
  );
}
