// A clock for tests that moves only when told to. Actions run in the order of their times, then of their making.

import type { Clock } from "../../net/clock.ts";

interface Waiting {
  atMs: number;
  action: () => void;
}

export class VirtualTime implements Clock {
  #nowMs = 1_000;
  #waiting: Waiting[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const entry = { atMs: this.#nowMs + Math.max(0, delayMs), action };
    const at = this.#waiting.findIndex((other) => other.atMs > entry.atMs);
    this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** Calls `action` every `intervalMs` until the answer is called. */
  every(intervalMs: number, action: () => void): () => void {
    let cancel = () => {};
    let count = 0;
    const startMs = this.#nowMs;
    const next = () => {
      count += 1;
      cancel = this.after(startMs + count * intervalMs - this.#nowMs, () => {
        next();
        action();
      });
    };
    next();
    return () => cancel();
  }

  /** Time passes and no timer runs, as on a frozen page; what was due meanwhile happens with the next `advance`. */
  sleep(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  advance(durationMs: number): void {
    const untilMs = this.#nowMs + durationMs;
    for (let next = this.#waiting[0]; next && next.atMs <= untilMs; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.action();
    }
    this.#nowMs = untilMs;
  }
}

/** Random numbers 0 … 1 that are the same for the same seed (a Weyl sequence, mixed). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
