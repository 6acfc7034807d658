// Which targets of a group may get a request: the healthy ones, or, when there are too few of them, all that are
// registered and checked ("fail-open"). Draining targets are never among them, and not yet checked ones only by a switch.

import { type Target, type TargetGroup, type TargetKey, targetKey } from "../model/types.ts";

export type ObservedStatus = "initial" | "healthy" | "unhealthy";

/** Undefined for a target that is not checked. */
export type ObservedHealth = (key: TargetKey) => ObservedStatus | undefined;

/** With `routeToInitial` a group in which nothing has been checked yet is open as well. */
export function usableTargets(
  group: TargetGroup,
  health: ObservedHealth,
  routeToInitial = false,
): { readonly usable: readonly Target[]; readonly failOpen: boolean } {
  const watched = group.targets.flatMap((target) => {
    const status = target.drainEndsAtMs === undefined ? health(targetKey(group.arn, target)) : undefined;
    return status ? [{ target, status, healthy: status === "healthy" }] : [];
  });
  const checked = watched.filter((each) => each.status !== "initial");
  if (routeToInitial && checked.length === 0 && watched.length > 0) {
    return { usable: watched.map((each) => each.target), failOpen: true };
  }
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
