// The clock of a page, whose timers a browser slows down or a laptop's lid stops.

import type { Clock } from "../../server/clock.ts";

/** Browsers let the timers of a hidden page run this often. */
const HIDDEN_TIMER_MS = 1_000;

/** "hidden": timers come once a second. "asleep": none comes before the page wakes up. */
export type PageMode = "visible" | "hidden" | "asleep";

export class PageClock {
  readonly #clock: Clock;
  #mode: PageMode = "visible";
  /** Timers whose time came while asleep. */
  #overdue: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delayMs: number, action: () => void): () => void {
    let cancelled = false;
    const run = () => {
      if (cancelled) return;
      if (this.#mode === "asleep") this.#overdue.push(run);
      else action();
    };
    const stop = this.#clock.after(this.#delayMs(delayMs), run);
    return () => {
      cancelled = true;
      stop();
    };
  }

  set mode(mode: PageMode) {
    this.#mode = mode;
    if (mode === "asleep") return;
    const overdue = this.#overdue;
    this.#overdue = [];
    for (const run of overdue) this.#clock.after(0, run);
  }

  get mode(): PageMode {
    return this.#mode;
  }

  #delayMs(delayMs: number): number {
    if (this.#mode !== "hidden") return delayMs;
    const atMs = this.#clock.now() + delayMs;
    return Math.ceil(atMs / HIDDEN_TIMER_MS) * HIDDEN_TIMER_MS - this.#clock.now();
  }
}
