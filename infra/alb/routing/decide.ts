// What happens to a request: the first rule that matches, and for a forward the group that the weights choose.

import type { RequestFacts } from "./facts.ts";
import type { ActionRoute, ForwardRoute, GroupRoute, ListenerRoute } from "./table.ts";
import type { Transformer } from "./transforms.ts";

export interface ForwardDecision {
  readonly kind: "forward";
  readonly priority: number;
  readonly action: ForwardRoute;
  readonly group: GroupRoute | undefined;
  readonly transform: Transformer | undefined;
}

export type Decision = ForwardDecision | ({ readonly priority: number } & Exclude<ActionRoute, { kind: "forward" }>);

/** The group that a client sticks to, if any. */
export type PreferredGroup = (action: ForwardRoute) => GroupRoute | undefined;

/** `random` gives numbers in [0, 1). A forward without a group means that all weights are zero. */
export function decide(
  listener: ListenerRoute,
  facts: RequestFacts,
  random: () => number,
  preferred: PreferredGroup = () => undefined,
): Decision {
  const rule = listener.rules.find((each) => each.matches(facts))!;
  const { action, priority, transform } = rule;
  if (action.kind !== "forward") return { priority, ...action };
  const group = preferred(action) ?? chooseGroup(action, random);
  return { kind: "forward", priority, action, group, transform };
}

function chooseGroup(action: ForwardRoute, random: () => number): GroupRoute | undefined {
  const only = action.groups.length === 1 ? action.groups[0] : undefined;
  if (only) return only.weight > 0 ? only.group : undefined;
  let left = random() * action.totalWeight;
  for (const { group, weight } of action.groups) {
    if (left < weight) return group;
    left -= weight;
  }
  return undefined;
}
