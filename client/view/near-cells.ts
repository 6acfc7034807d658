// Things at fixed places, sorted into squares of the world, so that those near the camera are found without looking at all. Pure.

import type { WorldRect } from "./world-rect.ts";

const CELL_PX = 800;
/** Squares count as near when they are this close to the view, pixels. */
const NEAR_PX = 150;

export class NearCells<Thing extends { xPx: number; yPx: number }> {
  readonly #cells = new Map<string, Thing[]>();
  #near: ReadonlySet<string> = new Set();

  constructor(things: readonly Thing[]) {
    for (const thing of things) {
      const key = keyOf(cellOf(thing.xPx), cellOf(thing.yPx));
      const cell = this.#cells.get(key);
      if (cell) cell.push(thing);
      else this.#cells.set(key, [thing]);
    }
  }

  /** Which squares have come near the view since the last call, and which have gone. */
  follow(view: WorldRect): { come: { key: string; things: readonly Thing[] }[]; gone: string[] } {
    const near = new Set<string>();
    for (let row = cellOf(view.yPx - NEAR_PX); row <= cellOf(view.yPx + view.heightPx + NEAR_PX); row++) {
      for (let column = cellOf(view.xPx - NEAR_PX); column <= cellOf(view.xPx + view.widthPx + NEAR_PX); column++) {
        const key = keyOf(column, row);
        if (this.#cells.has(key)) near.add(key);
      }
    }
    const before = this.#near;
    this.#near = near;
    return {
      come: [...near].filter((key) => !before.has(key)).map((key) => ({ key, things: this.#cells.get(key)! })),
      gone: [...before].filter((key) => !near.has(key)),
    };
  }
}

function cellOf(px: number): number {
  return Math.floor(px / CELL_PX);
}

function keyOf(column: number, row: number): string {
  return `${column} ${row}`;
}
