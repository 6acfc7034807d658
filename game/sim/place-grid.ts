// Finds what is near a place without looking at everything: indices, by the patch of water that they are in.

import { UNITS_PER_PX } from "./constants.ts";
import type { Waters } from "./waters.ts";

const PATCH = 128 * UNITS_PER_PX;
const NONE = -1;

export class PlaceGrid {
  readonly #columns: number;
  readonly #rows: number;
  /** The first index of each patch, and the next of each index. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #patches: Int32Array;

  constructor({ width, height }: Waters, count: number) {
    this.#columns = Math.floor(width / PATCH) + 1;
    this.#rows = Math.floor(height / PATCH) + 1;
    this.#first = new Int32Array(this.#columns * this.#rows).fill(NONE);
    this.#next = new Int32Array(count).fill(NONE);
    this.#patches = new Int32Array(count).fill(NONE);
  }

  /** Puts an index, which is below `count`, at a place; from now on it is only there. */
  put(index: number, x: number, y: number): void {
    const patch = this.#row(y) * this.#columns + this.#column(x);
    if (this.#patches[index] === patch) return;
    this.#take(index);
    this.#patches[index] = patch;
    this.#next[index] = this.#first[patch]!;
    this.#first[patch] = index;
  }

  /** The indices, rising, of all that are within `reach` (units) of a place, and of some that are a little farther. */
  near(x: number, y: number, reach: number): number[] {
    const found: number[] = [];
    const right = this.#column(x + reach);
    const bottom = this.#row(y + reach);
    for (let row = this.#row(y - reach); row <= bottom; row++) {
      for (let column = this.#column(x - reach); column <= right; column++) {
        let index = this.#first[row * this.#columns + column]!;
        for (; index !== NONE; index = this.#next[index]!) found.push(index);
      }
    }
    return found.length > 1 ? found.sort((a, b) => a - b) : found;
  }

  #take(index: number): void {
    const patch = this.#patches[index]!;
    if (patch === NONE) return;
    if (this.#first[patch] === index) {
      this.#first[patch] = this.#next[index]!;
      return;
    }
    let before = this.#first[patch]!;
    while (this.#next[before] !== index) before = this.#next[before]!;
    this.#next[before] = this.#next[index]!;
  }

  #column(x: number): number {
    return Math.min(Math.max(Math.floor(x / PATCH), 0), this.#columns - 1);
  }

  #row(y: number): number {
    return Math.min(Math.max(Math.floor(y / PATCH), 0), this.#rows - 1);
  }
}

/** A grid of the places that there are; `null` is nowhere. */
export function gridOf(waters: Waters, places: readonly ({ x: number; y: number } | null)[]): PlaceGrid {
  const grid = new PlaceGrid(waters, places.length);
  for (let index = 0; index < places.length; index++) {
    const place = places[index];
    if (place) grid.put(index, place.x, place.y);
  }
  return grid;
}
