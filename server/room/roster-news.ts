// When a room's players are told who sits where, and what: in a basin the whole roster, in an arena what has changed since it was told last. There
// everybody, newcomers as well, is given the roster that was told last, so that the next change fits.

import { type Roster, type RosterChange, rosterChange } from "../../game/protocol/index.ts";
import { TICK_RATE, type WatersKind } from "../../game/sim/index.ts";

/** Rosters follow each other no faster than this, ticks: whoever joins and leaves in a loop does not flood the others. */
export const ROSTER_INTERVAL_TICKS = TICK_RATE / 3;
/** A roster is repeated for those who miss one no more often than this, ticks. */
const ROSTER_REPEAT_TICKS = TICK_RATE;

export type RosterNews = { kind: "whole"; roster: Roster } | { kind: "change"; change: RosterChange };

export class RosterTeller {
  readonly #waters: WatersKind;
  #told: Roster | undefined;
  #isDue = true;
  #sentTick = Number.NEGATIVE_INFINITY;

  constructor(waters: WatersKind) {
    this.#waters = waters;
  }

  /** The room's players know this one, from an owner before. */
  isKnown(roster: Roster): void {
    this.#told = roster;
    this.#isDue = false;
  }

  changed(): void {
    this.#isDue = true;
  }

  /** Somebody may have missed one. In an arena who does is given the roster alone, by joining again. */
  isMissed(tick: number): void {
    if (this.#waters === "basin" && tick - this.#sentTick >= ROSTER_REPEAT_TICKS) this.#isDue = true;
  }

  /** What to tell everybody now, if anything. */
  news(tick: number, now: () => Roster): RosterNews | undefined {
    if (!this.#isDue || tick - this.#sentTick < ROSTER_INTERVAL_TICKS) return undefined;
    this.#isDue = false;
    this.#sentTick = tick;
    const roster = now();
    const before = this.#told;
    this.#told = roster;
    if (this.#waters === "basin" || !before) return { kind: "whole", roster };
    return { kind: "change", change: rosterChange(before, roster) };
  }

  /** What a player of that seat is given. */
  rosterFor(seat: number, now: Roster): Roster {
    if (this.#waters === "basin") return now;
    this.#told ??= now;
    const own = now.seats.filter((one) => one.seat === seat);
    const others = this.#told.seats.filter((one) => one.seat !== seat);
    return { version: this.#told.version, seats: [...others, ...own].sort((a, b) => a.seat - b.seat) };
  }
}
