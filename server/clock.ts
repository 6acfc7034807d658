// Time, passed in: the system's in a server, a virtual one in tests and simulations.

import { Timers } from "./timers.ts";

export interface Clock {
  /** Monotonic milliseconds; only differences mean anything. */
  now(): number;
  /** Milliseconds since 1970, for people and for other machines. */
  wallNow(): number;
  /** Runs `action` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A clock that moves only when told to. Actions run in the order of their times, then of their making. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Timers();
  readonly #wallStartMs: number;
  readonly #settle: () => Promise<void>;

  /** `settle` lets promises run on after every action: a few turns unless given. */
  constructor(wallStartMs = Date.UTC(2026, 0, 1), settle = settleSome) {
    this.#wallStartMs = wallStartMs;
    this.#settle = settle;
  }

  now(): number {
    return this.#nowMs;
  }

  wallNow(): number {
    return this.#wallStartMs + this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = this.#timers.add(this.#nowMs + Math.max(0, delayMs), action);
    return () => {
      timer.action = undefined;
    };
  }

  /** Moves on by `durationMs`, lets promises settle after every action, then calls `afterEach`. */
  async advance(durationMs: number, afterEach?: () => void): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await this.#settle();
    for (let next = this.#timers.next; next && next.atMs <= untilMs; next = this.#timers.next) {
      this.#timers.take();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.action?.();
      await this.#settle();
      afterEach?.();
    }
    this.#nowMs = untilMs;
  }
}

/** Lets every promise that is already resolved run its continuations, unless they are very many. */
async function settleSome(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
