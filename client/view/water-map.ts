// What the water's shader knows of the basin, as RGBA: distance to the shore in R, current in G and B. A window that follows the camera,
// so that a larger basin does not need a larger texture. Pure: painted some cells at a time, since a whole window takes many frames.

import { type Basin, shoreDistancePx } from "./basin.ts";
import { clamp } from "./noise.ts";
import type { WorldRect } from "./world-rect.ts";

/** One texel of the map covers this many world pixels. */
export const CELL_PX = 10;
/** The map reaches this far beyond the quay. */
export const MAP_MARGIN_PX = 320;
/** Largest window; a basin of 32 boats fits in as a whole. */
export const MAP_WIDTH_MAX_PX = 3840;
export const MAP_HEIGHT_MAX_PX = 3040;
/** Distances are stored as 0 … 255 for -64 … 191 pixels. */
const DISTANCE_OFFSET_PX = 64;
const DISTANCE_MAX_PX = 191;

/** The window with a place as near to its middle as the basin's edge allows. */
export function mapWindow(basin: Basin, xPx: number, yPx: number): WorldRect {
  const [left, width] = span(xPx, basin.widthPx, MAP_WIDTH_MAX_PX);
  const [top, height] = span(yPx, basin.heightPx, MAP_HEIGHT_MAX_PX);
  return { xPx: left, yPx: top, widthPx: width, heightPx: height };
}

/** On whole cells of the basin, so that the water looks the same in every window. */
function span(middlePx: number, sizePx: number, longestPx: number): [startPx: number, lengthPx: number] {
  const wholePx = sizePx + 2 * MAP_MARGIN_PX;
  const lengthPx = Math.min(wholePx, longestPx);
  const startPx = clamp(middlePx - lengthPx / 2, -MAP_MARGIN_PX, sizePx + MAP_MARGIN_PX - lengthPx);
  return [Math.round(startPx / CELL_PX) * CELL_PX, lengthPx];
}

export class MapPainting {
  readonly window: WorldRect;
  readonly columns: number;
  readonly rows: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly #basin: Basin;
  readonly #circles: Basin["circles"];
  #painted = 0;

  constructor(basin: Basin, window: WorldRect) {
    this.#basin = basin;
    this.window = window;
    this.columns = Math.ceil(window.widthPx / CELL_PX);
    this.rows = Math.ceil(window.heightPx / CELL_PX);
    this.pixels = new Uint8ClampedArray(this.columns * this.rows * 4);
    this.#circles = basin.circles.filter((circle) => reaches(circle, window));
  }

  /** Paints up to so many cells; true when the whole window is painted. */
  paint(cells: number): boolean {
    const until = Math.min(this.columns * this.rows, this.#painted + cells);
    for (; this.#painted < until; this.#painted++) this.#cell(this.#painted);
    return this.#painted === this.columns * this.rows;
  }

  #cell(index: number): void {
    const basin = this.#basin;
    const xPx = this.window.xPx + ((index % this.columns) + 0.5) * CELL_PX;
    const yPx = this.window.yPx + (Math.floor(index / this.columns) + 0.5) * CELL_PX;
    const current = basin.currentAt(clamp(xPx, 0, basin.widthPx), clamp(yPx, 0, basin.heightPx));
    const { pixels } = this;
    const at = index * 4;
    pixels[at] = clamp(shoreDistancePx(this.#circles, xPx, yPx) + DISTANCE_OFFSET_PX, 0, 255);
    pixels[at + 1] = (current.x / basin.fastestCurrent / 2 + 0.5) * 255;
    pixels[at + 2] = (current.y / basin.fastestCurrent / 2 + 0.5) * 255;
    pixels[at + 3] = 255;
  }
}

/** Whether any cell of the window may be nearer to the circle than distances are told. */
function reaches({ xPx, yPx, radiusPx }: Basin["circles"][number], window: WorldRect): boolean {
  const farPx = radiusPx + DISTANCE_MAX_PX;
  return (
    xPx > window.xPx - farPx &&
    yPx > window.yPx - farPx &&
    xPx < window.xPx + window.widthPx + farPx &&
    yPx < window.yPx + window.heightPx + farPx
  );
}
