// What has befallen servers, Redis and players so far. Invariants ask it what may be expected: calm seas promise everything, and each
// trouble excuses what the design says that it may cost, for as long as the design says.

import type { Player } from "./player.ts";

export type Trouble =
  /** A process died without a word. */
  | "kill"
  /** Redis answered nobody. */
  | "redis"
  /** One server alone was cut off from Redis. */
  | "partition"
  /** Redis answered late. */
  | "slow";

/** After this nothing is left of any trouble … */
export const AFTERMATH_MS = 6_000;
/** … unless a room was lost with its owner and an emptied Redis, which takes so much longer to be seen. */
const FORGOTTEN_MS = 6_000;

/** Whatever lies between a server and Redis. */
export const REDIS_TROUBLES: readonly Trouble[] = ["redis", "partition", "slow"];

interface Spell {
  trouble: Trouble;
  fromMs: number;
  /** Infinite while it lasts. */
  untilMs: number;
}

export class Weather {
  readonly #now: () => number;
  readonly #spells: Spell[] = [];
  /** Until when each player's own doings excuse gaps and losses. */
  readonly #players = new Map<Player, number>();
  /** Redis lost what it had. */
  hasForgotten = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A trouble begins; the answer ends it. */
  begin(trouble: Trouble): () => void {
    const spell = { trouble, fromMs: this.#now(), untilMs: Number.POSITIVE_INFINITY };
    this.#spells.push(spell);
    return () => {
      spell.untilMs = Math.min(spell.untilMs, this.#now());
    };
  }

  /** No trouble, nor what is left of one, between then and now. */
  isCalmSince(sinceMs: number): boolean {
    const aftermathMs = AFTERMATH_MS + (this.hasForgotten ? FORGOTTEN_MS : 0);
    return this.#spells.every(({ untilMs }) => untilMs + aftermathMs < sinceMs);
  }

  /** Nothing has befallen anybody from the beginning. */
  get wasAlwaysCalm(): boolean {
    return this.#spells.length === 0;
  }

  /** Milliseconds since the last of these troubles ended; 0 while one lasts, infinite if there was none. */
  quietMs(...troubles: readonly Trouble[]): number {
    const ends = this.#spells.filter(({ trouble }) => troubles.includes(trouble)).map(({ untilMs }) => untilMs);
    return Math.max(0, this.#now() - Math.max(...ends, Number.NEGATIVE_INFINITY));
  }

  /** There was none of these from the beginning. */
  hadNo(...troubles: readonly Trouble[]): boolean {
    return this.quietMs(...troubles) === Number.POSITIVE_INFINITY;
  }

  /** The player's own doing: nothing is promised for it until `untilMs`. */
  excuse(player: Player, untilMs: number): void {
    this.#players.set(player, Math.max(untilMs, this.#players.get(player) ?? 0));
  }

  /** Milliseconds until which the player's own doings excuse; minus infinity if there were none. */
  excusedUntilMs(player: Player): number {
    return this.#players.get(player) ?? Number.NEGATIVE_INFINITY;
  }
}
