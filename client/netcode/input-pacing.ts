// How far the player's own clock runs ahead of the newest snapshot, so that inputs reach the owner just before the tick they are for.
// Starts from the round trip, then follows what the owner reports; moves the clock by slewing.

import { TICK_MS } from "../../game/sim/index.ts";

/** Margin that is aimed for, ticks: with less inputs come too late too easily, with more every correction is larger for nothing. */
export const MARGIN_TICKS = 1;
const MARGIN_START_TICKS = 1.5;
export const LEAD_MIN_TICKS = 1;
export const LEAD_MAX_TICKS = 30;
/** Share of a needless margin that one report takes away: being early is harmless, hurrying back is not. */
const STEP_DOWN_SHARE = 0.5;
/** Reports that come sooner after a change than this plus a round trip still speak of the time before it. */
const SETTLE_MS = 600;

export class InputPacing {
  #leadTicks = LEAD_MIN_TICKS + MARGIN_START_TICKS;
  #rttMs = 0;
  #isReported = false;
  #settledAtMs = 0;
  marginTicks = 0;

  /** Ticks between the newest snapshot that could have arrived and the tick to be predicted. */
  get leadTicks(): number {
    return this.#leadTicks;
  }

  /** A measured round trip to the gateway: the first guess, until the owner reports. */
  roundTrip(rttMs: number): void {
    this.#rttMs = rttMs;
    if (!this.#isReported) this.#set(1 + rttMs / TICK_MS + MARGIN_START_TICKS);
  }

  /**
   * The owner's word on how early the latest-coming input was, since its previous word. While the lead is not followed (`isFollowed`
   * false), what the word says is no fault of it.
   */
  report(marginTicks: number, nowMs: number, isFollowed = true): void {
    this.marginTicks = marginTicks;
    if (!isFollowed) {
      this.#settledAtMs = nowMs + SETTLE_MS + this.#rttMs;
      return;
    }
    // At first it speaks of inputs that were made before anything was known.
    if (!this.#isReported) this.#settledAtMs = Math.max(this.#settledAtMs, nowMs + this.#rttMs);
    this.#isReported = true;
    if (nowMs < this.#settledAtMs) return;
    if (marginTicks < MARGIN_TICKS) {
      this.#set(this.#leadTicks + (MARGIN_TICKS - marginTicks) + 0.25);
    } else if (marginTicks > MARGIN_TICKS) {
      this.#set(this.#leadTicks - (marginTicks - MARGIN_TICKS) * STEP_DOWN_SHARE);
    } else return;
    this.#settledAtMs = nowMs + SETTLE_MS + this.#rttMs;
  }

  /** The same room over another way: if that is longer, inputs have to leave earlier by as much. A shorter one shows in the reports. */
  moved(rttMs: number): void {
    const longerMs = rttMs - this.#rttMs;
    this.#rttMs = rttMs;
    if (longerMs > 0) this.#set(this.#leadTicks + longerMs / TICK_MS);
  }

  /** Another link or owner: what was reported is about a path that is gone; the lead stays as a first guess. */
  restart(): void {
    this.#isReported = false;
    this.#settledAtMs = 0;
  }

  #set(leadTicks: number): void {
    this.#leadTicks = Math.min(LEAD_MAX_TICKS, Math.max(LEAD_MIN_TICKS, leadTicks));
  }
}
