// Who is in slow start, and how much it gets meanwhile. Pure: what was known of each target goes in with the new state.
//
//   registered ──healthy, a seasoned one was there already──▶ warming ──duration over──▶ seasoned
//       └───────healthy, the group had none─────────────────────────────────────────────▶ seasoned
//   warming, seasoned ──unhealthy──▶ failing ──healthy, a seasoned one is there──▶ warming
//
// A seasoned target is a healthy one that is not in slow start.

import type { State } from "../model/store.ts";
import { type TargetKey, targetKey } from "../model/types.ts";
import type { GroupRoute, TargetRoute } from "./table.ts";
import type { ObservedHealth } from "./usable-targets.ts";

export type Warmth =
  /** Not healthy yet. `mayWarm` is false for the batch that came into a group without a seasoned target. */
  | { readonly kind: "registered"; readonly mayWarm: boolean }
  | { readonly kind: "warming"; readonly sinceMs: number }
  | { readonly kind: "seasoned" }
  | { readonly kind: "failing" };

export type Warmths = ReadonlyMap<TargetKey, Warmth>;

const seasoned: Warmth = { kind: "seasoned" };
const failing: Warmth = { kind: "failing" };

/** Call it for every new state and every change of health. A deregistered target is forgotten. */
export function nextWarmths(before: Warmths, state: State, health: ObservedHealth, nowMs: number): Warmths {
  const next = new Map<TargetKey, Warmth>();
  for (const group of state.targetGroups.values()) {
    const durationMs = Number(group.attributes["slow_start.duration_seconds"]) * 1000;
    const keys = group.targets
      .filter((target) => target.drainEndsAtMs === undefined)
      .map((target) => targetKey(group.arn, target));
    const cooled = new Map(keys.map((key) => [key, afterDuration(before.get(key), durationMs, nowMs)]));
    const isSeasoned = (key: TargetKey) => cooled.get(key)?.kind === "seasoned" && health(key) === "healthy";
    const company = keys.some(isSeasoned);
    for (const key of keys) next.set(key, afterHealth(cooled.get(key), health(key), { company, durationMs, nowMs }));
  }
  return next;
}

function afterDuration(warmth: Warmth | undefined, durationMs: number, nowMs: number): Warmth | undefined {
  return warmth?.kind === "warming" && nowMs - warmth.sinceMs >= durationMs ? seasoned : warmth;
}

function afterHealth(
  warmth: Warmth | undefined,
  status: ReturnType<ObservedHealth>,
  { company, durationMs, nowMs }: { readonly company: boolean; readonly durationMs: number; readonly nowMs: number },
): Warmth {
  const entered = (may: boolean): Warmth =>
    may && company && durationMs > 0 ? { kind: "warming", sinceMs: nowMs } : seasoned;
  switch (status) {
    case "healthy":
      if (warmth?.kind === "warming" || warmth?.kind === "seasoned") return warmth;
      return entered(warmth?.kind === "registered" ? warmth.mayWarm : true);
    case "unhealthy":
      return failing;
    default:
      return warmth?.kind === "registered" ? warmth : { kind: "registered", mayWarm: company };
  }
}

/** Of a full share, from 0 to 1, growing linearly over the group's duration. */
export function shareOf(target: TargetRoute, group: GroupRoute, nowMs: number): number {
  if (target.warmingSinceMs === undefined || group.slowStartMs <= 0) return 1;
  return Math.min(1, Math.max(0, (nowMs - target.warmingSinceMs) / group.slowStartMs));
}
