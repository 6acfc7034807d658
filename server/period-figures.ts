// What happened in a period and is counted anew in the next: for lines that tell of one period each.

import { RETRYABLE, type RefusalCode } from "../game/protocol/index.ts";

export interface PeriodFigures {
  /** Longest time between two ticks of a room with people in it; 0 when there was none. */
  readonly tickGapMaxMs: number;
  /** Refusals that are this server's fault: it was full, it lost a room, it could not reach one. */
  readonly refused: number;
  /** Players' connections that broke. */
  readonly lost: number;
}

const nothing: PeriodFigures = { tickGapMaxMs: 0, refused: 0, lost: 0 };

export class PeriodCounter {
  #figures = nothing;

  tickGap(gapMs: number): void {
    if (gapMs > this.#figures.tickGapMaxMs) this.#figures = { ...this.#figures, tickGapMaxMs: gapMs };
  }

  refused(code: RefusalCode): void {
    // Who is sent on by a server that leaves has lost nothing; other refusals are answers to what clients did.
    if (!RETRYABLE.has(code) || code === "draining") return;
    this.#figures = { ...this.#figures, refused: this.#figures.refused + 1 };
  }

  lost(): void {
    this.#figures = { ...this.#figures, lost: this.#figures.lost + 1 };
  }

  /** What has gathered since this was asked last. */
  take(): PeriodFigures {
    const figures = this.#figures;
    this.#figures = nothing;
    return figures;
  }
}
