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
  #known = new Map<PlayerId, HallRecord>();
  #pending: PendingScore[] = [];

  constructor(store: ClusterStore) {
    this.#store = store;
  }

  /** Never rejects: a score that cannot be written waits for `restore`. */
  async record(claim: RoomClaim, score: HallRecord): Promise<void> {
    try {
      if (await this.#store.recordScore(claim, score)) this.#learn([score]);
    } catch {
      this.#learn([score]);
      this.#pending.push({ claim, score });
      this.#pending.sort((a, b) => b.score.score - a.score.score);
      this.#pending.length = Math.min(this.#pending.length, PENDING_SCORES_MAX);
    }
  }

  /** Reads the hall and puts back what is missing there; rejects while Redis is away. */
  async refresh(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const { claim, score } of pending) await this.record(claim, score);
    const stored = new Map((await this.#store.hall()).map((entry) => [entry.player, entry.score]));
    const waiting = new Set(this.#pending.map(({ score }) => score.player));
    const lost = [...this.#known.values()].filter(
      ({ player, score }) => !waiting.has(player) && (stored.get(player) ?? -1) < score,
    );
    await this.#store.mergeScores(lost);
    const hall = await this.#store.hall();
    this.#known.clear();
    this.#learn(hall);
    this.#learn(this.#pending.map(({ score }) => score));
  }

  /** Highest first; what is known here, without asking Redis. */
  entries(): HallOfFameEntry[] {
    return this.#ranked().map(({ name, score, at }) => ({ name, score, at }));
  }

  #ranked(): HallRecord[] {
    return [...this.#known.values()].sort((a, b) => b.score - a.score);
  }

  #learn(scores: readonly HallRecord[]): void {
    for (const score of scores) {
      if ((this.#known.get(score.player)?.score ?? -1) < score.score) this.#known.set(score.player, score);
    }
    for (const { player } of this.#ranked().slice(HALL_OF_FAME_MAX)) this.#known.delete(player);
  }
}
