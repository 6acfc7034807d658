// What a config file declares, laid over what is in force. Pure. The file wins, and costs no connection: targets that it no
// longer names drain, and a group that it no longer names stays, unused, until its last target has drained.

import type { State } from "../model/store.ts";
import { type Target, type TargetGroup, targetKey } from "../model/types.ts";

export interface Declared {
  readonly state: State;
  /** Groups whose targets are the file's; those of the other groups come and go through the API. */
  readonly managedGroupArns: ReadonlySet<string>;
}

export interface DrainingTarget {
  readonly groupArn: string;
  readonly target: Target;
}

/** Targets that the file names while they still drain. */
export function stillDraining(running: State, { state, managedGroupArns }: Declared): readonly DrainingTarget[] {
  return [...state.targetGroups.values()].flatMap((group) => {
    const wanted = new Set(group.targets.map((each) => targetKey(group.arn, each)));
    const before = managedGroupArns.has(group.arn) ? (running.targetGroups.get(group.arn)?.targets ?? []) : [];
    return before
      .filter((each) => each.drainEndsAtMs !== undefined && wanted.has(targetKey(group.arn, each)))
      .map((target) => ({ groupArn: group.arn, target }));
  });
}

/** The state to put in force; certificates are the declared state's. */
export function mergeDeclared(running: State, { state, managedGroupArns }: Declared, nowMs: number): State {
  const loadBalancers = new Map(state.loadBalancers);
  for (const [arn, { createdAtMs }] of running.loadBalancers) {
    const still = loadBalancers.get(arn);
    if (still) loadBalancers.set(arn, { ...still, createdAtMs });
  }
  const targetGroups = new Map(state.targetGroups);
  const tags = new Map(state.tags);
  for (const before of running.targetGroups.values()) {
    const group = targetGroups.get(before.arn);
    if (group && !managedGroupArns.has(group.arn)) {
      targetGroups.set(group.arn, { ...group, targets: before.targets });
    } else if (group) {
      const targets = [...withKnown(group, before), ...drained(before.targets, group, nowMs)];
      targetGroups.set(group.arn, { ...group, targets });
    } else if (before.targets.length > 0) {
      targetGroups.set(before.arn, { ...before, targets: drained(before.targets, { ...before, targets: [] }, nowMs) });
      tags.set(before.arn, running.tags.get(before.arn) ?? new Map());
    }
  }
  return { ...state, loadBalancers, targetGroups, tags };
}

/** The declared targets; those that were there stay the same objects, with all that they carry. */
function withKnown(group: TargetGroup, before: TargetGroup): Target[] {
  const known = new Map(before.targets.map((each) => [targetKey(group.arn, each), each]));
  return group.targets.map((each) => {
    const same = known.get(targetKey(group.arn, each));
    return same ? { ...same, availabilityZone: each.availabilityZone } : each;
  });
}

/** Those of `targets` that `group` does not have: draining, by its delay. */
function drained(targets: readonly Target[], group: TargetGroup, nowMs: number): Target[] {
  const kept = new Set(group.targets.map((each) => targetKey(group.arn, each)));
  const delayMs = Number(group.attributes["deregistration_delay.timeout_seconds"]) * 1000;
  return targets
    .filter((each) => !kept.has(targetKey(group.arn, each)))
    .map((each) => (each.drainEndsAtMs === undefined ? { ...each, drainEndsAtMs: nowMs + delayMs } : each));
}
