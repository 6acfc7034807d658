// What became of each target in the course of a deploy, as the load balancer told it. Pure.
import type { TargetState } from "../stack/elb.ts";
import type { FleetTask } from "./fleet.ts";

export interface TargetStory {
  readonly id: string;
  readonly states: readonly { readonly state: TargetState; readonly at: string }[];
}

/** Targets by their address, host:port. */
export type TargetStates = ReadonlyMap<string, TargetState>;

/**
 * The story so far with what is seen at `at` (ISO 8601). A target that the load balancer no longer knows is `unused`;
 * one that it has not met yet has no story.
 */
export function tellOn(
  story: readonly TargetStory[],
  tasks: readonly FleetTask[],
  states: TargetStates,
  at: string,
): TargetStory[] {
  const known = new Map(story.map((target) => [target.id, target]));
  for (const { id, address } of tasks) {
    if (address === null) continue;
    const before = known.get(id);
    const state = states.get(addressText(address)) ?? "unused";
    if (before === undefined && state === "unused") continue;
    if (before?.states.at(-1)?.state === state) continue;
    known.set(id, { id, states: [...(before?.states ?? []), { state, at }] });
  }
  return [...known.values()];
}

export const addressText = (address: { readonly host: string; readonly port: number }): string =>
  `${address.host}:${address.port}`;
