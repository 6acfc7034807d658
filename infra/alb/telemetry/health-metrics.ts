// Host counts and states of target groups, sampled: the whole group, and zone by zone.

import { shortName } from "../model/arns.ts";
import { Meter, type MeterDependencies } from "./meter.ts";

export interface ZoneHealth {
  readonly healthy: number;
  readonly unhealthy: number;
  /** Targets that anomaly detection has found. */
  readonly anomalous: number;
  /** Of these, the ones that get fewer requests for it. */
  readonly mitigated: number;
}

/** The targets of a group that is in use, by what was found out about them. */
export interface GroupHealth {
  readonly groupArn: string;
  /** `app/name/id`. */
  readonly loadBalancer: string;
  readonly zones: ReadonlyMap<string, ZoneHealth>;
  /** Requests go to unhealthy targets as well. */
  readonly failOpen: boolean;
}

export const healthyHosts = ({ zones }: GroupHealth): number =>
  [...zones.values()].reduce((sum, each) => sum + each.healthy, 0);

export class HealthMetrics {
  readonly #deps: MeterDependencies;
  #meters = new Map<string, Meter>();

  constructor(deps: MeterDependencies) {
    this.#deps = deps;
  }

  /** Meters of whole groups. */
  meters(): readonly Meter[] {
    return [...this.#meters.values()].filter(({ subject }) => !subject.zoneOnly);
  }

  sample(groups: readonly GroupHealth[]): void {
    const meters = new Map<string, Meter>();
    for (const group of groups) {
      if (group.zones.size === 0) continue;
      const states = { failOpen: group.failOpen, zones: group.zones.size };
      const meter = this.#meter(meters, group, undefined);
      const all = [...group.zones.values()];
      const sum = (pick: (zone: ZoneHealth) => number) => all.reduce((total, each) => total + pick(each), 0);
      record(meter, states, {
        ...{ healthy: sum((each) => each.healthy), unhealthy: sum((each) => each.unhealthy) },
        ...{ anomalous: sum((each) => each.anomalous), mitigated: sum((each) => each.mitigated) },
      });
      for (const [zone, health] of group.zones) {
        record(this.#meter(meters, group, zone), { ...states, zones: 1 }, health);
      }
    }
    this.#meters = meters;
  }

  #meter(meters: Map<string, Meter>, { groupArn, loadBalancer }: GroupHealth, zone: string | undefined): Meter {
    const key = `${loadBalancer} ${groupArn} ${zone ?? ""}`;
    const subject = { loadBalancer, targetGroup: shortName(groupArn), zone, zoneOnly: zone !== undefined };
    const meter = this.#meters.get(key) ?? new Meter(subject, this.#deps);
    meters.set(key, meter);
    return meter;
  }
}

/** A group is routed as a whole, so its zones share its state. */
function record(
  meter: Meter,
  states: { readonly failOpen: boolean; readonly zones: number },
  health: ZoneHealth,
): void {
  const { failOpen, zones } = states;
  meter.add("HealthyHostCount", health.healthy);
  meter.add("UnHealthyHostCount", health.unhealthy);
  meter.add("AnomalousHostCount", health.anomalous);
  meter.add("MitigatedHostCount", health.mitigated);
  meter.add("HealthyStateRouting", failOpen ? 0 : zones);
  meter.add("UnhealthyStateRouting", failOpen ? zones : 0);
  // The threshold for DNS is one healthy target and cannot be changed here.
  const inDns = health.healthy > 0;
  meter.add("HealthyStateDNS", inDns ? zones : 0);
  meter.add("UnhealthyStateDNS", inDns ? 0 : zones);
}
