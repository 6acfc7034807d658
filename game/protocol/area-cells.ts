// The grid that decides who hears what in an arena: whoever is in a cell hears that cell and those around it in detail.

import { UNITS_PER_PX } from "../sim/constants.ts";
import { ARENA } from "../sim/waters.ts";

export interface Place {
  readonly x: number;
  readonly y: number;
}

const CELL_PX = 512;
const CELL = CELL_PX * UNITS_PER_PX;
const CELL_COLUMNS = Math.ceil(ARENA.widthPx / CELL_PX);
const CELL_ROWS = Math.ceil(ARENA.heightPx / CELL_PX);
export const CELLS = CELL_COLUMNS * CELL_ROWS;
/** Bits that hold a cell's number. */
export const CELL_BITS = 9;
/** Cells to each side that are heard in detail. */
const CELLS_AROUND = 2;
/** A boat stays in its cell until it is this far outside, so that who sails along a border does not change cells all the time. */
const STAY_PX = 64;
/** How far around itself everybody hears in detail at least, pixels. */
export const HEARD_AROUND_PX = CELLS_AROUND * CELL_PX - 2 * STAY_PX;

export function cellAt({ x, y }: Place): number {
  const column = Math.min(Math.floor(x / CELL), CELL_COLUMNS - 1);
  const row = Math.min(Math.floor(y / CELL), CELL_ROWS - 1);
  return row * CELL_COLUMNS + column;
}

/** The cell of whoever is at that place: the one it was in while it is hardly outside. */
export function nextCell(before: number | undefined, place: Place): number {
  if (before === undefined) return cellAt(place);
  const margin = STAY_PX * UNITS_PER_PX;
  const left = (before % CELL_COLUMNS) * CELL;
  const top = Math.floor(before / CELL_COLUMNS) * CELL;
  const isOutside =
    place.x < left - margin ||
    place.y < top - margin ||
    place.x >= left + CELL + margin ||
    place.y >= top + CELL + margin;
  return isOutside ? cellAt(place) : before;
}

const AROUND: readonly (readonly number[])[] = Array.from({ length: CELLS }, (_, cell) => {
  const column = cell % CELL_COLUMNS;
  const row = Math.floor(cell / CELL_COLUMNS);
  const around: number[] = [];
  for (let y = Math.max(0, row - CELLS_AROUND); y <= Math.min(CELL_ROWS - 1, row + CELLS_AROUND); y++) {
    for (let x = Math.max(0, column - CELLS_AROUND); x <= Math.min(CELL_COLUMNS - 1, column + CELLS_AROUND); x++) {
      around.push(y * CELL_COLUMNS + x);
    }
  }
  return around;
});

/** The cells that are heard in detail from a cell, itself included, rising. Who hears a cell is heard from it. */
export function cellsAround(cell: number): readonly number[] {
  return AROUND[cell]!;
}

export function isAround(cell: number, other: number): boolean {
  const columns = Math.abs((cell % CELL_COLUMNS) - (other % CELL_COLUMNS));
  const rows = Math.abs(Math.floor(cell / CELL_COLUMNS) - Math.floor(other / CELL_COLUMNS));
  return columns <= CELLS_AROUND && rows <= CELLS_AROUND;
}
