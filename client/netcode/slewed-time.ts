// A time line in ticks that follows a target without going back: it runs a little faster or slower, and jumps only far ahead.

import { TICK_MS } from "../../game/sim/index.ts";

export interface SlewLimits {
  /** Largest share by which it runs faster than real time, and slower. */
  fasterMax: number;
  slowerMax: number;
  /** Further behind than this, it jumps to the target. */
  jumpTicks: number;
}

/** Part of the distance to the target that is made up for in one tick. */
const PULL_PER_TICK = 0.1;

export class SlewedTime {
  #tick: number | undefined;
  #atMs = 0;
  /** It could not go as far as it wanted: what was missed is not made up for by hurrying, it jumps when it may. */
  #isHeldUp = false;
  readonly #limits: SlewLimits;

  constructor(limits: SlewLimits) {
    this.#limits = limits;
  }

  get tick(): number {
    return this.#tick ?? 0;
  }

  /** Moves on to `nowMs`, not beyond `lastTick`. True if it jumped: the ticks between were passed over. */
  follow(targetTick: number, lastTick: number, nowMs: number): boolean {
    const elapsedTicks = Math.max(0, nowMs - this.#atMs) / TICK_MS;
    this.#atMs = Math.max(this.#atMs, nowMs);
    if (this.#tick === undefined) {
      this.#tick = Math.min(targetTick, lastTick);
      return true;
    }
    const behindTicks = targetTick - (this.#tick + elapsedTicks);
    const isJump = behindTicks > this.#limits.jumpTicks || (this.#isHeldUp && behindTicks > 0);
    const pull = Math.max(-this.#limits.slowerMax, Math.min(this.#limits.fasterMax, behindTicks * PULL_PER_TICK));
    const next = isJump ? targetTick : this.#tick + elapsedTicks * (1 + pull);
    this.#isHeldUp = next > lastTick;
    this.#tick = Math.max(this.#tick, Math.min(next, lastTick));
    return isJump;
  }

  /** Forgets where it was: the next `follow` starts at its target. */
  reset(): void {
    this.#tick = undefined;
    this.#isHeldUp = false;
  }
}
