// Decides when a region that is waited for is taken for lost, and which one to offer instead. Draws nothing.
//
//   idle ──waits──▶ waiting ──LOST_AFTER_MS, or found to be failing──▶ lost ──dismiss──▶ dismissed
//     ◀────────────────────────── settled, from wherever it is ──────────────────────────────┘

import type { Clock } from "../net/clock.ts";
import { isFailed, isReached, type Reach } from "./choice.ts";
import type { Region } from "./region-list.ts";
import type { Regions } from "./regions.ts";

/** Longer than a server takes to come back, or its room to be taken over. */
export const LOST_AFTER_MS = 6_000;

export interface LostRegionParts {
  regions: Pick<Regions, "all" | "reach" | "nearestBut" | "measure" | "watch">;
  clock: Clock;
  /** Called whenever `news` is other than before. */
  changed: () => void;
}

export interface LostRegionNews {
  lost: Region;
  /** Of the lost one: it may answer, and still not let the player in. */
  reach: Reach;
  /** The nearest that answers; undefined as long as none is known to. */
  offer: { region: Region; rttMs: number } | undefined;
  /** No region answers at all. */
  isAlone: boolean;
}

export class LostRegion {
  readonly #parts: LostRegionParts;
  #phase: "idle" | "waiting" | "lost" | "dismissed" = "idle";
  #waitsFor: Region | undefined;
  /** Ends what the phase has begun. */
  #end = () => {};

  constructor(parts: LostRegionParts) {
    this.#parts = parts;
  }

  /** Undefined while there is nothing to say. */
  get news(): LostRegionNews | undefined {
    if (this.#phase !== "lost" || this.#waitsFor === undefined) return undefined;
    const { regions } = this.#parts;
    const region = regions.nearestBut(this.#waitsFor);
    const reach = region && regions.reach(region);
    return {
      lost: this.#waitsFor,
      reach: regions.reach(this.#waitsFor),
      offer: region && isReached(reach) ? { region, rttMs: reach.rttMs } : undefined,
      isAlone: regions.all.every((each) => isFailed(regions.reach(each))),
    };
  }

  /** The connection to `region` is being waited for; said again and again, it counts once. */
  waits(region: Region): void {
    const { regions, clock } = this.#parts;
    if (this.#waitsFor?.id !== region.id) {
      this.settled();
      if (regions.all.length < 2) return;
      this.#phase = "waiting";
      this.#waitsFor = region;
      this.#end = clock.after(LOST_AFTER_MS, () => this.#lose());
    }
    if (this.#phase === "waiting" && isFailed(regions.reach(region))) this.#lose();
  }

  /** It is there, or nobody waits any more. */
  settled(): void {
    this.#waitsFor = undefined;
    this.#enter("idle");
  }

  /** The player goes on waiting: nothing more is said of this loss. */
  dismiss(): void {
    if (this.#phase === "lost") this.#enter("dismissed");
  }

  #lose(): void {
    this.#enter("lost");
    const { regions, changed } = this.#parts;
    const unwatch = regions.watch(changed);
    const rest = regions.measure();
    this.#end = () => {
      unwatch();
      rest();
    };
    changed();
  }

  #enter(phase: "idle" | "lost" | "dismissed"): void {
    const wasSaid = this.#phase === "lost";
    this.#end();
    this.#end = () => {};
    this.#phase = phase;
    if (wasSaid) this.#parts.changed();
  }
}
