// Fair shares where too much happens in one place. Everybody who hears a cell hears the same of it, so the share belongs to the cell: such that
// nobody, whichever cell it listens from, is told more than `most` in all.

import { CELLS, cellsAround } from "./area-cells.ts";

/** How much of `wanted[cell]` may be told of each cell in a tick: Infinity where nobody around is told too much. */
export function quotas(wanted: readonly number[], most: number): number[] {
  const heard: number[] = new Array(CELLS).fill(0);
  for (let cell = 0; cell < CELLS; cell++) {
    const amount = wanted[cell]!;
    if (amount > 0) for (const listener of cellsAround(cell)) heard[listener]! += amount;
  }
  return wanted.map((amount, cell) => {
    if (amount === 0) return Number.POSITIVE_INFINITY;
    let crowd = 0;
    for (const listener of cellsAround(cell)) crowd = Math.max(crowd, heard[listener]!);
    return crowd <= most ? Number.POSITIVE_INFINITY : (amount * most) / crowd;
  });
}

/** What cells may still tell: a share that is too small for one thing is saved up until it is enough. */
export class Savings {
  readonly #saved: number[] = new Array(CELLS).fill(0);
  readonly #most: number;

  /** No cell saves more than `most`. */
  constructor(most: number) {
    this.#most = most;
  }

  add(cell: number, share: number): void {
    this.#saved[cell] = share === Number.POSITIVE_INFINITY ? share : Math.min(this.#most, this.#finite(cell) + share);
  }

  /** False, and nothing is spent, if there is not enough. */
  spend(cell: number, amount: number): boolean {
    if (this.#saved[cell]! < amount) return false;
    this.#saved[cell]! -= amount;
    return true;
  }

  #finite(cell: number): number {
    const saved = this.#saved[cell]!;
    return saved === Number.POSITIVE_INFINITY ? 0 : saved;
  }
}
