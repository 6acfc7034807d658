// One direction of a simulated TCP connection: what is sent arrives later, and never before what was sent earlier.

import type { Clock } from "../clock.ts";

export class MemoryLane {
  readonly #clock: Clock;
  #lastArrivalMs = 0;
  #stalled = false;
  /** Came to the far end while stalled, and was sent while stalled; in order. */
  #arrivals: (() => void)[] = [];
  #sendings: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Without delay, and with nothing under way, `arrive` runs at once. */
  send(delayMs: number, arrive: () => void): void {
    if (this.#stalled) {
      this.#sendings.push(() => this.send(delayMs, arrive));
      return;
    }
    const nowMs = this.#clock.now();
    const atMs = Math.max(nowMs + delayMs, this.#lastArrivalMs);
    this.#lastArrivalMs = atMs;
    if (atMs === nowMs) arrive();
    else this.#clock.after(atMs - nowMs, () => this.#arrived(arrive));
  }

  /** While stalled nothing arrives and nothing is lost; all of it comes when the stall ends. */
  set stalled(stalled: boolean) {
    this.#stalled = stalled;
    if (stalled) return;
    const held = [...this.#arrivals, ...this.#sendings];
    this.#arrivals = [];
    this.#sendings = [];
    for (const goOn of held) goOn();
  }

  #arrived(arrive: () => void): void {
    if (this.#stalled) this.#arrivals.push(arrive);
    else arrive();
  }
}
