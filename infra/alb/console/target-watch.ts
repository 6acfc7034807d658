// Remembers what the console tells of targets over time: since when each has been in its state, what changed lately, and
// how many WebSockets it held in each second. It hears of changes only, so it costs nothing while nothing changes.

import type { Clock } from "../clock.ts";
import type { HealthDescription } from "../health/description.ts";
import { limits } from "../limits.ts";
import type { State } from "../model/store.ts";
import { type Target, type TargetGroup, type TargetKey, targetKey } from "../model/types.ts";
import type { TargetEvent, TargetSeries, TargetState } from "./state.ts";
import { StepSeries } from "./step-series.ts";

export type DescribeHealth = (group: TargetGroup, target: Target) => HealthDescription;

interface Known {
  readonly name: TargetName;
  readonly state: TargetState;
  readonly sinceMs: number;
}

interface TargetName {
  readonly group: string;
  readonly target: string;
}

export class TargetWatch {
  readonly #clock: Clock;
  readonly #describe: DescribeHealth;
  readonly #known = new Map<TargetKey, Known>();
  readonly #series = new Map<TargetKey, { readonly name: TargetName; readonly steps: StepSeries }>();
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
        const name = { group: group.name, target: `${target.id}:${target.port}` };
        this.#known.set(key, { name, state: now, sinceMs: nowMs });
        this.#note({ ...name, atMs: nowMs, ...(before && { from: before.state }), to: now, ...(reason && { reason }) });
      }
    }
    for (const [key, { name, state: from }] of gone) {
      this.#known.delete(key);
      this.#note({ ...name, atMs: nowMs, from });
    }
  }

  /** A WebSocket to the target opened (1) or closed (-1). Counts may outlive the target's registration. */
  count(key: TargetKey, change: 1 | -1): void {
    const nowMs = this.#clock.nowMs();
    let series = this.#series.get(key);
    if (!series) {
      this.#forgetQuietSeries(nowMs);
      const name = this.#known.get(key)?.name ?? nameOf(key);
      series = { name, steps: new StepSeries(limits.consoleHistorySeconds) };
      this.#series.set(key, series);
    }
    series.steps.add(nowMs, change);
  }

  sinceMs(key: TargetKey): number {
    return this.#known.get(key)?.sinceMs ?? this.#clock.nowMs();
  }

  webSockets(key: TargetKey): number {
    return this.#series.get(key)?.steps.current ?? 0;
  }

  /** Newest first. */
  get events(): readonly TargetEvent[] {
    return this.#events;
  }

  /** Of every target that holds WebSockets, or held some in that time. */
  series(firstSecond: number, seconds: number): readonly TargetSeries[] {
    return [...this.#series].flatMap(([key, { name, steps }]) => {
      const values = steps.values(firstSecond, seconds);
      return values.some((value) => value > 0) ? [{ key, ...name, values }] : [];
    });
  }

  #note(event: Omit<TargetEvent, "number">): void {
    const numbered = { ...event, number: ++this.#eventCount };
    this.#events = [numbered, ...this.#events].slice(0, limits.maxConsoleEvents);
  }

  /** Keeps the number of series bounded by what is open now and what was of late. */
  #forgetQuietSeries(nowMs: number): void {
    for (const [key, { steps }] of this.#series) if (steps.quietSince(nowMs)) this.#series.delete(key);
  }
}

/** Of a target that is no longer registered. */
function nameOf(key: TargetKey): TargetName {
  const [groupArn = "", id = "", port = ""] = key.split("|");
  return { group: groupArn.split("/").at(-2) ?? "", target: `${id}:${port}` };
}
