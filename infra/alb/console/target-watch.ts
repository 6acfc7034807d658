// Remembers since when each target has been in its state, and what changed lately. It hears of changes only, so it costs
// nothing while nothing changes.

import type { Clock } from "../clock.ts";
import type { HealthDescription } from "../health/description.ts";
import { limits } from "../limits.ts";
import type { State } from "../model/store.ts";
import { type Target, type TargetGroup, type TargetKey, targetKey } from "../model/types.ts";
import { withPort } from "../proxy/client-connection.ts";
import type { TargetEvent, TargetState } from "./state.ts";

export type DescribeHealth = (group: TargetGroup, target: Target) => HealthDescription;

interface Known {
  readonly name: { readonly group: string; readonly target: string };
  readonly state: TargetState;
  readonly sinceMs: number;
}

export class TargetWatch {
  readonly #clock: Clock;
  readonly #describe: DescribeHealth;
  readonly #known = new Map<TargetKey, Known>();
  #events: readonly TargetEvent[] = [];
  #eventCount = 0;

  constructor(clock: Clock, describe: DescribeHealth) {
    this.#clock = clock;
    this.#describe = describe;
  }

  /** To be called whenever the state or a target's health has changed. */
  follow(state: State): void {
    const nowMs = this.#clock.nowMs();
    const gone = new Map(this.#known);
    for (const group of state.targetGroups.values()) {
      for (const target of group.targets) {
        const key = targetKey(group.arn, target);
        gone.delete(key);
        const { State: now, Reason: reason } = this.#describe(group, target);
        const before = this.#known.get(key);
        if (before?.state === now) continue;
        const name = { group: group.name, target: withPort(target.id, target.port) };
        this.#known.set(key, { name, state: now, sinceMs: nowMs });
        this.#note({ ...name, atMs: nowMs, ...(before && { from: before.state }), to: now, ...(reason && { reason }) });
      }
    }
    for (const [key, { name, state: from }] of gone) {
      this.#known.delete(key);
      this.#note({ ...name, atMs: nowMs, from });
    }
  }

  sinceMs(key: TargetKey): number {
    return this.#known.get(key)?.sinceMs ?? this.#clock.nowMs();
  }

  /** Newest first. */
  get events(): readonly TargetEvent[] {
    return this.#events;
  }

  #note(event: Omit<TargetEvent, "number">): void {
    const numbered = { ...event, number: ++this.#eventCount };
    this.#events = [numbered, ...this.#events].slice(0, limits.maxConsoleEvents);
  }
}
