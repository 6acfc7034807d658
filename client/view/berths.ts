// Which boats have sprites: those near the view, the nearest first if there are too many. A boat keeps its berth while it has one, so
// that nothing about it jumps. Pure.

import { outsidePx, type WorldRect } from "./world-rect.ts";

/** Boats that are drawn at the same time. */
export const BERTHS = 64;
/** Boats this far outside the view are drawn already: their wakes are longer than they are. */
export const NEAR_PX = 420;

export interface Berthed {
  seat: number;
  xPx: number;
  yPx: number;
}

export class Berths {
  readonly #seats: (number | undefined)[] = new Array(BERTHS).fill(undefined);
  readonly #berthOf = new Map<number, number>();

  berthOf(seat: number): number | undefined {
    return this.#berthOf.get(seat);
  }

  /** Gives out berths for this frame: those that were freed, and those that have another boat than before. */
  assign(boats: readonly Berthed[], view: WorldRect): { freed: number[]; taken: { berth: number; seat: number }[] } {
    const wanted = new Set(nearestOf(boats, view).map(({ seat }) => seat));
    const freed: number[] = [];
    for (const [berth, seat] of this.#seats.entries()) {
      if (seat === undefined || wanted.has(seat)) continue;
      this.#seats[berth] = undefined;
      this.#berthOf.delete(seat);
      freed.push(berth);
    }
    const taken: { berth: number; seat: number }[] = [];
    for (const seat of wanted) {
      if (this.#berthOf.has(seat)) continue;
      const berth = this.#seats.indexOf(undefined);
      this.#seats[berth] = seat;
      this.#berthOf.set(seat, berth);
      taken.push({ berth, seat });
    }
    return { freed, taken };
  }
}

function nearestOf(boats: readonly Berthed[], view: WorldRect): readonly Berthed[] {
  const near = boats.filter(({ xPx, yPx }) => outsidePx(view, xPx, yPx) <= NEAR_PX);
  if (near.length <= BERTHS) return near;
  const x = view.xPx + view.widthPx / 2;
  const y = view.yPx + view.heightPx / 2;
  const farPx = ({ xPx, yPx }: Berthed) => Math.hypot(xPx - x, yPx - y);
  return near.sort((a, b) => farPx(a) - farPx(b)).slice(0, BERTHS);
}
