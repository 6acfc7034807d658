// Who refers to a target group. A group is checked and counts as "in use" only while something forwards to it.

import type { State } from "./store.ts";
import type { Action } from "./types.ts";

const groupArnsOf = (actions: readonly Action[]): string[] =>
  actions.flatMap((action) =>
    action.Type === "forward" ? action.ForwardConfig.TargetGroups.map((group) => group.TargetGroupArn) : [],
  );

/** Load balancers whose listeners or rules forward to each group, by group ARN. */
export function groupUsage(state: State): ReadonlyMap<string, ReadonlySet<string>> {
  const usage = new Map<string, Set<string>>();
  const note = (actions: readonly Action[], loadBalancerArn: string) => {
    for (const arn of groupArnsOf(actions)) {
      const users = usage.get(arn) ?? new Set<string>();
      usage.set(arn, users.add(loadBalancerArn));
    }
  };
  for (const listener of state.listeners.values()) note(listener.defaultActions, listener.loadBalancerArn);
  for (const rule of state.rules.values()) {
    const listener = state.listeners.get(rule.listenerArn);
    if (listener) note(rule.actions, listener.loadBalancerArn);
  }
  return usage;
}
