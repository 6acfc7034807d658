// Which targets of a group may get a request: the healthy ones, or, when there are too few of them, all that are
// registered and checked ("fail-open"). Draining and not yet checked targets are never among them.

import { type Target, type TargetGroup, type TargetKey, targetKey } from "../model/types.ts";

export type ObservedStatus = "initial" | "healthy" | "unhealthy";

/** Undefined for a target that is not checked. */
export type ObservedHealth = (key: TargetKey) => ObservedStatus | undefined;

export function usableTargets(
  group: TargetGroup,
  health: ObservedHealth,
): { readonly usable: readonly Target[]; readonly failOpen: boolean } {
  const checked = group.targets.flatMap((target) => {
    if (target.drainEndsAtMs !== undefined) return [];
    const status = health(targetKey(group.arn, target));
    return status === "healthy" || status === "unhealthy" ? [{ target, healthy: status === "healthy" }] : [];
  });
  const healthy = checked.filter((each) => each.healthy);
  const failOpen = healthy.length < checked.length && healthy.length < minimumHealthy(group, checked.length);
  return { usable: (failOpen ? checked : healthy).map((each) => each.target), failOpen };
}

function minimumHealthy(group: TargetGroup, checked: number): number {
  const threshold = (unit: string) =>
    group.attributes[`target_group_health.unhealthy_state_routing.minimum_healthy_targets.${unit}`] ?? "off";
  const count = threshold("count");
  const percentage = threshold("percentage");
  return Math.max(
    count === "off" ? 0 : Number(count),
    percentage === "off" ? 0 : Math.ceil((Number(percentage) / 100) * checked),
  );
}
