// Summaries by the second or the minute they belong to, the newest so many of them.

import { Sketch } from "./sketch.ts";
import { addSummary, emptySummary, type Summary } from "./summary.ts";

export class TimeSlots {
  readonly slotMs: number;
  readonly #most: number;
  readonly #bySlot = new Map<number, Summary>();
  #newest = Number.NEGATIVE_INFINITY;

  /** Keeps what is at most `most` slots old, counted from the newest. */
  constructor(slotMs: number, most: number) {
    this.slotMs = slotMs;
    this.#most = most;
  }

  get empty(): boolean {
    return this.#bySlot.size === 0;
  }

  /** Adds to the slot's summary, or takes its place. */
  file(atMs: number, measured: Summary, how: "add" | "replace"): void {
    const slot = Math.floor(atMs / this.slotMs);
    if (slot <= this.#newest - this.#most) return;
    const known = this.#bySlot.get(slot);
    if (known && how === "add") addSummary(known, measured);
    else {
      const copy = emptySummary(measured.sketch && new Sketch());
      addSummary(copy, measured);
      this.#bySlot.set(slot, copy);
    }
    if (slot > this.#newest) {
      this.#newest = slot;
      this.#dropOld();
    }
  }

  /** Begin and summary of the slots that begin in the range, in order of time. */
  between(fromMs: number, toMs: number): readonly { readonly atMs: number; readonly summary: Summary }[] {
    return [...this.#bySlot]
      .map(([slot, summary]) => ({ atMs: slot * this.slotMs, summary }))
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .sort((a, b) => a.atMs - b.atMs);
  }

  #dropOld(): void {
    for (const slot of this.#bySlot.keys()) {
      // One that was filed late goes with its elders, so at most twice as many are kept.
      if (slot > this.#newest - this.#most) break;
      this.#bySlot.delete(slot);
    }
  }
}
