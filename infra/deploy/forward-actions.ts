// Which actions of a listener or rule change when traffic is split anew, and into what. Pure.
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Refusal } from "../stack/refusal.ts";
import type { GroupWeight } from "./balancer.ts";

/**
 * The same actions with the forward to any of `groups` made a forward to all of them; undefined when none of them is
 * concerned. A forward to these and other groups is somebody else's experiment: it is refused.
 */
export function forwardBy(
  actions: readonly Action[],
  groups: readonly GroupWeight[],
  where: string,
): Action[] | undefined {
  if (!actions.some((action) => forwardsTo(action, groups))) return undefined;
  return actions.map((action) => (forwardsTo(action, groups) ? weighted(action, groups, where) : action));
}

function weighted(action: Action, groups: readonly GroupWeight[], where: string): Action {
  const foreign = targetsOf(action).find((arn) => !groups.some((group) => group.targetGroupArn === arn));
  if (foreign !== undefined) {
    throw new Refusal(
      "mixed-forward",
      `${where} forwards to ${foreign} as well: blue/green cannot tell which share is whose.`,
    );
  }
  const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig;
  return {
    Type: "forward",
    ...(action.Order === undefined ? {} : { Order: action.Order }),
    ForwardConfig: {
      TargetGroups: groups.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight })),
      ...(stickiness?.Enabled === true ? { TargetGroupStickinessConfig: stickiness } : {}),
    },
  };
}

/** Whether some of what these actions forward goes to that group. */
export const hasShare = (actions: readonly Action[], targetGroupArn: string): boolean =>
  actions.some(({ Type, TargetGroupArn, ForwardConfig }) => {
    if (Type !== "forward") return false;
    const groups = ForwardConfig?.TargetGroups ?? [{ TargetGroupArn }];
    return groups.some((group) => group.TargetGroupArn === targetGroupArn && group.Weight !== 0);
  });

const forwardsTo = (action: Action, groups: readonly GroupWeight[]): boolean =>
  action.Type === "forward" && targetsOf(action).some((arn) => groups.some((group) => group.targetGroupArn === arn));

function targetsOf(action: Action): string[] {
  const all = [
    action.TargetGroupArn,
    ...(action.ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn),
  ];
  return all.filter((arn) => arn !== undefined);
}
