// A clock that stands still until a test moves it.

import type { Clock, Timer } from "../clock.ts";

interface Pending {
  readonly dueMs: number;
  readonly task: () => void;
}

export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #pending = new Set<Pending>();

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const entry = { dueMs: this.#nowMs + Math.max(0, delayMs), task };
    this.#pending.add(entry);
    return { cancel: () => void this.#pending.delete(entry) };
  }

  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Moves time on, running what falls due in order of its time. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      let next: Pending | undefined;
      for (const entry of this.#pending) {
        if (entry.dueMs <= endMs && (!next || entry.dueMs < next.dueMs)) next = entry;
      }
      if (!next) break;
      this.#pending.delete(next);
      this.#nowMs = next.dueMs;
      next.task();
    }
    this.#nowMs = endMs;
  }
}
