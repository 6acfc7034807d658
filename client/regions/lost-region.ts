// Decides when a region that is waited for is taken for lost, and which one to offer instead. Draws nothing.

import type { Clock } from "../net/clock.ts";
import { isFailed, isReached } from "./choice.ts";
import type { Region } from "./region-list.ts";
import type { Regions } from "./regions.ts";

/** Longer than a server takes to come back, or its room to be taken over. */
export const LOST_AFTER_MS = 6_000;

export interface LostRegionParts {
  regions: Pick<Regions, "all" | "reach" | "nearestBut" | "measure" | "rest" | "watch">;
  clock: Clock;
  /** Called whenever `news` is other than before. */
  changed: () => void;
}

export interface LostRegionNews {
  lost: Region;
  /** The nearest that answers; undefined as long as none is known to. */
  offer: { region: Region; rttMs: number } | undefined;
  /** No region answers at all. */
  isAlone: boolean;
}

export class LostRegion {
  readonly #parts: LostRegionParts;
  #waitsFor: Region | undefined;
  #cancel: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  constructor(parts: LostRegionParts) {
    this.#parts = parts;
  }

  /** Undefined while there is nothing to say. */
  get news(): LostRegionNews | undefined {
    const lost = this.#unwatch && this.#waitsFor;
    if (!lost) return undefined;
    const { regions } = this.#parts;
    const region = regions.nearestBut(lost);
    const reach = region && regions.reach(region);
    return {
      lost,
      offer: region && isReached(reach) ? { region, rttMs: reach.rttMs } : undefined,
      isAlone: regions.all.every((each) => isFailed(regions.reach(each))),
    };
  }

  /** The connection to `region` is being waited for; said again and again, it counts once. */
  waits(region: Region): void {
    if (this.#waitsFor?.id === region.id) return;
    this.settled();
    if (this.#parts.regions.all.length < 2) return;
    this.#waitsFor = region;
    this.#cancel = this.#parts.clock.after(LOST_AFTER_MS, () => this.#begin());
  }

  /** It is there, or nobody waits any more. */
  settled(): void {
    this.#cancel?.();
    this.#waitsFor = undefined;
    this.dismiss();
  }

  /** The player goes on waiting: nothing more is said of this loss. */
  dismiss(): void {
    if (!this.#unwatch) return;
    this.#unwatch();
    this.#unwatch = undefined;
    this.#parts.regions.rest();
    this.#parts.changed();
  }

  #begin(): void {
    const { regions, changed } = this.#parts;
    this.#unwatch = regions.watch(changed);
    regions.measure();
    changed();
  }
}
