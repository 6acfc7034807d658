// The health of target groups in numbers, for the host counts. Pure.

import { shortName } from "../model/arns.ts";
import type { State } from "../model/store.ts";
import { type TargetKey, targetKey } from "../model/types.ts";
import { groupUsage } from "../model/usage.ts";
import { type ObservedHealth, usableTargets } from "../routing/usable-targets.ts";
import type { GroupHealth, ZoneHealth } from "./health-metrics.ts";

export interface Observed {
  readonly status: ObservedHealth;
  readonly verdict: (groupArn: string, key: TargetKey) => { readonly anomalous: boolean; readonly mitigated: boolean };
}

/** Groups that a load balancer forwards to; draining targets count no more. */
export function groupHealth(state: State, { status, verdict }: Observed): readonly GroupHealth[] {
  const usage = groupUsage(state);
  return [...state.targetGroups.values()].flatMap((group) => {
    const [owner] = usage.get(group.arn) ?? [];
    if (owner === undefined) return [];
    const zones = new Map<string, ZoneHealth>();
    for (const target of group.targets) {
      if (target.drainEndsAtMs !== undefined) continue;
      const key = targetKey(group.arn, target);
      const zone = zones.get(target.availabilityZone) ?? { healthy: 0, unhealthy: 0, anomalous: 0, mitigated: 0 };
      const found = status(key);
      const { anomalous, mitigated } = verdict(group.arn, key);
      zones.set(target.availabilityZone, {
        healthy: zone.healthy + (found === "healthy" ? 1 : 0),
        unhealthy: zone.unhealthy + (found === "unhealthy" ? 1 : 0),
        anomalous: zone.anomalous + (anomalous ? 1 : 0),
        mitigated: zone.mitigated + (mitigated ? 1 : 0),
      });
    }
    const { failOpen } = usableTargets(group, status);
    return [{ groupArn: group.arn, loadBalancer: shortName(owner), zones, failOpen }];
  });
}
