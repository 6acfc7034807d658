// A clock for tests: time stands still until the test moves it.
import type { Clock } from "../clock.ts";

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export class VirtualClock implements Clock {
  #nowMs = 0;
  #sleepers: Sleeper[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { atMs: this.#nowMs + ms, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", wake);
    });
  }

  /** Moves time on, waking each sleeper at its moment and letting what it starts run before going further. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#nowMs = next.atMs;
      next.wake();
      await settle();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Sleeper | undefined {
    const due = this.#sleepers.filter((sleeper) => sleeper.atMs <= endMs);
    return due.reduce<Sleeper | undefined>((first, one) => (first && first.atMs <= one.atMs ? first : one), undefined);
  }
}

/** Lets promises that are already decided run to their end: a macrotask comes after all of them. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
