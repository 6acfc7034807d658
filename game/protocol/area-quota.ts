// Fair shares where too much happens in one place. Everybody who hears a cell hears the same of it, so the share belongs to the cell: such that
// nobody, whichever cell it listens from, is told more than `most` in all.

import { CELLS, cellsAround } from "./area-cells.ts";

/**
 * How many of `counts[cell]` may be told of each cell. Cells of whose surroundings everything may be told get no limit (Infinity); of the others
 * one at least is told.
 */
export function quotas(counts: readonly number[], most: number): number[] {
  const heard: number[] = new Array(CELLS).fill(0);
  for (let cell = 0; cell < CELLS; cell++) {
    const count = counts[cell]!;
    if (count > 0) for (const listener of cellsAround(cell)) heard[listener]! += count;
  }
  return counts.map((count, cell) => {
    if (count === 0) return Number.POSITIVE_INFINITY;
    let crowd = 0;
    for (const listener of cellsAround(cell)) crowd = Math.max(crowd, heard[listener]!);
    return crowd <= most ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((count * most) / crowd));
  });
}
