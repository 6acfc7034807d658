// How much may be on its way to one connection. What the kernels and the load balancer between here and the page hold back cannot be seen
// from here, and is seconds or minutes of play to somebody who reads slowly: so the page says what it has had, and what it has not said
// yet is bounded. A connection that fills its window gets nothing until it has caught up (docs/decisions/0014).
//
//   sent ────────────────▶│      unconfirmed = sent - confirmed; full from the window on
//   confirmed ──▶│        │      a confirmation of a part while it is full: the window is halved, once
//                                any other: the window opens a little

/** At the start: two seconds of the busiest room, so that who confirms once a second over a long way never notices. */
export const WINDOW_MAX_BYTES = 12_288;
/** A keyframe and some deltas. */
export const WINDOW_MIN_BYTES = 2_048;
export const WINDOW_GROWTH_BYTES = 1_024;

export class FlowWindow {
  #isUsed = false;
  #isFull = false;
  /** Since it is full. */
  #isHalved = false;
  #windowBytes = WINDOW_MAX_BYTES;
  #sentBytes = 0;
  #confirmedBytes = 0;

  /** From now on it counts: the page has said that it confirms. Without that there is no limit. */
  use(): void {
    this.#isUsed = true;
  }

  get isFull(): boolean {
    return this.#isFull && this.#isUsed;
  }

  sent(bytes: number): void {
    this.#sentBytes += bytes;
    this.#isFull ||= !this.#isWithin();
  }

  /** `bytes` is all that the page has had over this connection. It may lie: at worst it is sent as much as one that confirms nothing. */
  confirmed(bytes: number): void {
    if (!(bytes >= this.#confirmedBytes)) return;
    this.#confirmedBytes = Math.min(bytes, this.#sentBytes);
    if (this.#isFull && this.#confirmedBytes < this.#sentBytes) this.#halve();
    else this.#windowBytes = Math.min(WINDOW_MAX_BYTES, this.#windowBytes + WINDOW_GROWTH_BYTES);
    this.#isFull &&= !this.#isWithin();
    this.#isHalved &&= this.#isFull;
  }

  #halve(): void {
    if (this.#isHalved) return;
    this.#isHalved = true;
    this.#windowBytes = Math.max(WINDOW_MIN_BYTES, Math.floor(this.#windowBytes / 2));
  }

  #isWithin(): boolean {
    return this.#sentBytes - this.#confirmedBytes < this.#windowBytes;
  }
}
