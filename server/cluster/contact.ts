// Since when this server has been in touch with Redis without a break. Every beat reports here.

import type { Clock } from "../clock.ts";
import { REACHABLE_MS } from "./timing.ts";

export class Contact {
  readonly #clock: Clock;
  #sinceMs: number | undefined;
  #lastMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True when the answer is the first one after a break. */
  answered(): boolean {
    const returned = !this.reachable;
    this.#lastMs = this.#clock.now();
    if (returned) this.#sinceMs = this.#lastMs;
    return returned;
  }

  failed(): void {
    this.#sinceMs = undefined;
  }

  get reachable(): boolean {
    return this.#sinceMs !== undefined && this.#clock.now() - this.#lastMs < REACHABLE_MS;
  }

  /** 0 while out of touch. */
  get unbrokenMs(): number {
    return this.reachable && this.#sinceMs !== undefined ? this.#clock.now() - this.#sinceMs : 0;
  }
}
