// The one place of desired state. Each change replaces the state as a whole and tells the subscribers.

import type { Certificate, Listener, LoadBalancer, Rule, Target, TargetGroup } from "./types.ts";

export type Tags = ReadonlyMap<string, string>;

export interface State {
  readonly loadBalancers: ReadonlyMap<string, LoadBalancer>;
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly targetGroups: ReadonlyMap<string, TargetGroup>;
  readonly certificates: ReadonlyMap<string, Certificate>;
  /** By ARN of load balancers, listeners, rules and target groups; a default rule has tags as well. */
  readonly tags: ReadonlyMap<string, Tags>;
}

export const emptyState: State = {
  loadBalancers: new Map(),
  listeners: new Map(),
  rules: new Map(),
  targetGroups: new Map(),
  certificates: new Map(),
  tags: new Map(),
};

export interface StoreOptions {
  readonly initial?: Partial<State>;
  /** Refuses a state by throwing, before anything of it is stored. */
  readonly check?: (next: State) => void;
  /** Hears of a subscriber that failed; default: a process warning. */
  readonly onFault?: (error: Error) => void;
}

export class Store {
  #state: State;
  readonly #check: (next: State) => void;
  readonly #onFault: (error: Error) => void;
  readonly #subscribers = new Set<(state: State) => void>();

  constructor({ initial, check = () => {}, onFault = (error) => process.emitWarning(error) }: StoreOptions = {}) {
    this.#state = { ...emptyState, ...initial };
    this.#check = check;
    this.#onFault = onFault;
  }

  get state(): State {
    return this.#state;
  }

  /**
   * Replaces what `change` names, as one step: throws when the check refuses, and then nothing has changed. Subscribers
   * cannot refuse; what one of them throws is a fault of ours, and the others are told all the same.
   */
  replace(change: Partial<State>): void {
    const next = { ...this.#state, ...change };
    this.#check(next);
    this.#state = next;
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(next);
      } catch (error) {
        this.#onFault(error as Error);
      }
    }
  }

  subscribe(subscriber: (state: State) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }
}

/** A copy of `map` with one entry set. */
export const withEntry = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  new Map(map).set(key, value);

/** A copy of `map` without the entries that `drop` names. */
export const withoutEntries = <V>(
  map: ReadonlyMap<string, V>,
  drop: (key: string, value: V) => boolean,
): ReadonlyMap<string, V> => new Map([...map].filter(([key, value]) => !drop(key, value)));

/** Forgets one registration; does nothing when it is gone already. */
export function forgetTarget(store: Store, groupArn: string, target: Pick<Target, "id" | "port">): void {
  const group = store.state.targetGroups.get(groupArn);
  if (!group) return;
  const targets = group.targets.filter((each) => each.id !== target.id || each.port !== target.port);
  store.replace({ targetGroups: withEntry(store.state.targetGroups, groupArn, { ...group, targets }) });
}
