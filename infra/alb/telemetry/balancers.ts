// The meters of each load balancer and of its target groups, for as long as they exist.

import { region, shortName } from "../model/arns.ts";
import type { State } from "../model/store.ts";
import { groupUsage } from "../model/usage.ts";
import { Meter, type MeterDependencies, type Subject } from "./meter.ts";

/** One node, in the first zone of its region. */
const zone = `${region}a`;

export interface Balancer {
  /** `app/name/id`. */
  readonly name: string;
  /** Of what concerns no target group. */
  readonly meter: Meter;
  /** By ARN of the group. */
  readonly groups: Map<string, Meter>;
  /** Open connections of clients. */
  clients: number;
  /** Since the minute began. */
  work: { newConnections: number; bytes: number; requests: number; ruleEvaluations: number };
}

export const noWork = (): Balancer["work"] => ({ newConnections: 0, bytes: 0, requests: 0, ruleEvaluations: 0 });

export interface BalancersDependencies extends MeterDependencies {
  /** Hears of what was let go. */
  readonly onForgotten: (subject: Subject) => void;
}

export class Balancers {
  readonly #deps: BalancersDependencies;
  readonly #byName = new Map<string, Balancer>();
  /** Load balancer that forwards to each group. */
  #owners: ReadonlyMap<string, string> = new Map();

  constructor(deps: BalancersDependencies) {
    this.#deps = deps;
  }

  /** Learns who forwards to which group, and lets go of what was deleted. */
  follow(state: State): void {
    this.#owners = new Map(
      [...groupUsage(state)].flatMap(([groupArn, [owner]]) => (owner ? [[groupArn, shortName(owner)]] : [])),
    );
    const names = new Set([...state.loadBalancers.keys()].map(shortName));
    for (const [name, { clients, groups, meter }] of this.#byName) {
      const over = !names.has(name) && clients === 0;
      for (const [groupArn, { subject }] of groups) {
        if (!over && state.targetGroups.has(groupArn)) continue;
        groups.delete(groupArn);
        this.#deps.onForgotten(subject);
      }
      if (!over) continue;
      this.#byName.delete(name);
      this.#deps.onForgotten(meter.subject);
    }
  }

  all(): IterableIterator<Balancer> {
    return this.#byName.values();
  }

  of(name: string): Balancer {
    const known = this.#byName.get(name);
    if (known) return known;
    const meter = new Meter({ loadBalancer: name, targetGroup: undefined, zone }, this.#deps);
    const balancer: Balancer = { name, meter, groups: new Map(), clients: 0, work: noWork() };
    this.#byName.set(name, balancer);
    return balancer;
  }

  /** The meter of what concerns a group; of the load balancer where there is none. */
  groupMeter(balancer: Balancer, groupArn: string | undefined): Meter {
    if (groupArn === undefined) return balancer.meter;
    const known = balancer.groups.get(groupArn);
    if (known) return known;
    const subject = { loadBalancer: balancer.name, targetGroup: shortName(groupArn), zone };
    const meter = new Meter(subject, this.#deps);
    balancer.groups.set(groupArn, meter);
    return meter;
  }

  /** Undefined when nothing forwards to the group any more. */
  ownerOf(groupArn: string): Balancer | undefined {
    const name = this.#owners.get(groupArn);
    return name === undefined ? undefined : this.of(name);
  }
}
