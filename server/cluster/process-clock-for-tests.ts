// The clock of a process that a test can kill.

import type { Clock } from "../clock.ts";

/** After `stop` nothing that it was asked to do is done. */
export class ProcessClock implements Clock {
  readonly #clock: Clock;
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  now(): number {
    return this.#clock.now();
  }

  wallNow(): number {
    return this.#clock.wallNow();
  }

  after(delayMs: number, action: () => void): () => void {
    return this.#clock.after(delayMs, () => {
      if (!this.#stopped) action();
    });
  }

  stop(): void {
    this.#stopped = true;
  }
}
