// How many messages one socket may send: a bucket that fills at a steady rate and holds a burst.

import { MESSAGES_BURST_MAX, MESSAGES_PER_SECOND_MAX } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";

export class MessageBudget {
  readonly #clock: Clock;
  #left = MESSAGES_BURST_MAX;
  #filledAtMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAtMs = clock.now();
  }

  /** Spends one message; false when there is none left. */
  spend(): boolean {
    if (this.#left < 1) this.#fill();
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  #fill(): void {
    const nowMs = this.#clock.now();
    const filled = ((nowMs - this.#filledAtMs) / 1000) * MESSAGES_PER_SECOND_MAX;
    this.#left = Math.min(MESSAGES_BURST_MAX, this.#left + filled);
    this.#filledAtMs = nowMs;
  }
}
