// The end of a draining target: at its deadline what is left of its connections is cut and the registration forgotten.

import type { Clock, Timer } from "../clock.ts";
import { forgetTarget, type State, type Store } from "../model/store.ts";
import { type TargetKey, targetKey } from "../model/types.ts";

export interface DeregistrationDependencies {
  readonly clock: Clock;
  readonly store: Store;
  /** Closes every connection that still hangs on the target. */
  readonly cut: (key: TargetKey) => void;
}

export class Deregistrations {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #cut: (key: TargetKey) => void;
  readonly #timers = new Map<TargetKey, Timer>();

  constructor({ clock, store, cut }: DeregistrationDependencies) {
    this.#clock = clock;
    this.#store = store;
    this.#cut = cut;
  }

  /** Gives every draining target its timer. The deadline holds even when its group is deleted meanwhile. */
  follow(state: State): void {
    for (const group of state.targetGroups.values()) {
      for (const target of group.targets) {
        const key = targetKey(group.arn, target);
        if (target.drainEndsAtMs === undefined || this.#timers.has(key)) continue;
        const end = () => {
          this.#timers.delete(key);
          const now = this.#store.state.targetGroups
            .get(group.arn)
            ?.targets.find((each) => targetKey(group.arn, each) === key);
          if (now && now.drainEndsAtMs !== target.drainEndsAtMs) {
            // Its group was deleted and declared anew, and so was the target: this deadline is no longer its own.
            this.follow(this.#store.state);
            return;
          }
          this.#cut(key);
          forgetTarget(this.#store, group.arn, target);
        };
        this.#timers.set(key, this.#clock.after(target.drainEndsAtMs - this.#clock.nowMs(), end));
      }
    }
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
