// The time that AWS takes until a registered or deregistered target is known to the nodes of the load balancer: a switch,
// since AWS promises nothing. Until then health checks and routing see the targets as they were; the API does not wait.
//
//   registered ──lag──▶ known ──deregistered──▶ leaving ──lag──▶ draining for the nodes as well
//       └──deregistered before it was known: stays unknown

import type { Clock, Timer } from "../clock.ts";
import type { State } from "../model/store.ts";
import { type Target, type TargetGroup, type TargetKey, targetKey } from "../model/types.ts";

type Phase = "arriving" | "known" | "leaving" | "unknown" | "draining";

interface Followed {
  phase: Phase;
  timer: Timer | undefined;
}

export interface PropagationDependencies {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Least and most; drawn anew for each target. */
  readonly lagSeconds: readonly [min: number, max: number];
  /** A lag is over: ask `known` again. */
  readonly onChange: () => void;
}

export class Propagation {
  readonly #deps: PropagationDependencies;
  readonly #targets = new Map<TargetKey, Followed>();

  constructor(deps: PropagationDependencies) {
    this.#deps = deps;
  }

  /** `state` as the nodes know it by now. */
  known(state: State): State {
    if (this.#deps.lagSeconds[1] <= 0) return state;
    this.#follow(state);
    const groups = [...state.targetGroups].map(([arn, group]) => [arn, this.#knownGroup(group)] as const);
    return { ...state, targetGroups: new Map(groups) };
  }

  close(): void {
    for (const { timer } of this.#targets.values()) timer?.cancel();
    this.#targets.clear();
  }

  #follow(state: State): void {
    const present = new Set<TargetKey>();
    for (const group of state.targetGroups.values()) {
      for (const target of group.targets) {
        const key = targetKey(group.arn, target);
        present.add(key);
        this.#followTarget(key, target);
      }
    }
    for (const [key, { timer }] of this.#targets) {
      if (present.has(key)) continue;
      timer?.cancel();
      this.#targets.delete(key);
    }
  }

  #followTarget(key: TargetKey, { drainEndsAtMs }: Target): void {
    let followed = this.#targets.get(key);
    if (!followed) {
      followed = { phase: "arriving", timer: undefined };
      this.#targets.set(key, followed);
      this.#later(followed, "known");
    }
    if (drainEndsAtMs === undefined) return;
    if (followed.phase === "arriving") {
      followed.timer?.cancel();
      followed.phase = "unknown";
    } else if (followed.phase === "known") {
      followed.phase = "leaving";
      this.#later(followed, "draining");
    }
  }

  #later(followed: Followed, phase: Phase): void {
    const { clock, random, lagSeconds, onChange } = this.#deps;
    const [min, max] = lagSeconds;
    followed.timer = clock.after((min + (max - min) * random()) * 1000, () => {
      followed.phase = phase;
      onChange();
    });
  }

  #knownGroup(group: TargetGroup): TargetGroup {
    const targets = group.targets.flatMap((target) => {
      switch (this.#targets.get(targetKey(group.arn, target))?.phase) {
        case "arriving":
        case "unknown":
          return [];
        case "leaving":
          return [{ ...target, drainEndsAtMs: undefined }];
        default:
          return [target];
      }
    });
    return { ...group, targets };
  }
}
