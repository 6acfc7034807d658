// The best scores ever. Redis holds them; this process remembers what it has seen and what it has earned, writes what Redis could not take,
// and puts back what an emptied Redis has lost.

import type { HallOfFameEntry } from "../../game/protocol/index.ts";
import type { PlayerId } from "../room/room-port.ts";
import { HALL_OF_FAME_MAX, PENDING_SCORES_MAX } from "./limits.ts";
import type { ClusterStore, HallRecord, RoomClaim } from "./store.ts";

interface PendingScore {
  claim: RoomClaim;
  score: HallRecord;
}

export class HallOfFame {
  readonly #store: ClusterStore;
  /** What Redis has, or had before it was emptied. */
  #known = new Map<PlayerId, HallRecord>();
  /** What Redis has not judged yet: it may refuse them for their epoch. Highest first. */
  #pending: PendingScore[] = [];

  constructor(store: ClusterStore) {
    this.#store = store;
  }

  /** Never rejects: a score that cannot be written waits for `refresh`. */
  async record(claim: RoomClaim, score: HallRecord): Promise<void> {
    try {
      if (await this.#store.recordScore(claim, score)) keepBest(this.#known, [score]);
    } catch {
      this.#pending.push({ claim, score });
      this.#pending.sort((a, b) => b.score.score - a.score.score);
      this.#pending.length = Math.min(this.#pending.length, PENDING_SCORES_MAX);
    }
  }

  /** Writes what waits, puts back what is missing, and reads the hall; rejects while Redis is away. */
  async refresh(): Promise<void> {
    const stored = await this.#store.hall();
    await this.#writePending();
    const scores = new Map(stored.map((entry) => [entry.player, entry.score]));
    const lost = [...this.#known.values()].filter(({ player, score }) => (scores.get(player) ?? -1) < score);
    if (lost.length > 0) await this.#store.mergeScores(lost);
    keepBest(this.#known, stored);
  }

  /** One after another, and no further than the first that gets no answer: each of them would wait as long. */
  async #writePending(): Promise<void> {
    for (let first = this.#pending[0]; first; first = this.#pending[0]) {
      const { claim, score } = first;
      if (await this.#store.recordScore(claim, score)) keepBest(this.#known, [score]);
      this.#pending = this.#pending.filter((pending) => pending !== first);
    }
  }

  /** Highest first; what is known here, without asking Redis. */
  entries(): HallOfFameEntry[] {
    const all = new Map(this.#known);
    keepBest(
      all,
      this.#pending.map(({ score }) => score),
    );
    return ranked(all).map(({ name, score, at }) => ({ name, score, at }));
  }
}

function ranked(records: ReadonlyMap<PlayerId, HallRecord>): HallRecord[] {
  return [...records.values()].sort((a, b) => b.score - a.score);
}

function keepBest(records: Map<PlayerId, HallRecord>, scores: readonly HallRecord[]): void {
  for (const score of scores) {
    if ((records.get(score.player)?.score ?? -1) < score.score) records.set(score.player, score);
  }
  for (const { player } of ranked(records).slice(HALL_OF_FAME_MAX)) records.delete(player);
}
