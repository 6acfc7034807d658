// The game behind the start screen: bots only, and a camera that visits one after the other.

import { OfflineSession } from "../netcode/offline-session.ts";
import type { RenderState } from "../netcode/render-state.ts";

const ATTRACT_BOATS = 18;
const VISIT_SECONDS = 14;

export class Attract {
  readonly session: OfflineSession;
  #seat = 0;
  #visitEndsAtMs = 0;

  constructor(seed: number) {
    this.session = new OfflineSession({ seed, boats: ATTRACT_BOATS, pilot: "bot" });
  }

  /** Where it is lively: the best boat afloat other than the last one visited. */
  watched(state: RenderState, nowMs: number): number {
    if (nowMs < this.#visitEndsAtMs) return this.#seat;
    this.#visitEndsAtMs = nowMs + VISIT_SECONDS * 1000;
    const others = state.boats.filter((boat) => boat.afloat && boat.seat !== this.#seat);
    const best = others.reduce<RenderState["boats"][number] | undefined>(
      (a, b) => (a && a.score >= b.score ? a : b),
      undefined,
    );
    this.#seat = best?.seat ?? this.#seat;
    return this.#seat;
  }
}
