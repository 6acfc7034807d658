// Paints one island pixel by pixel, some rows at a time: sand under water, beach, grass with light and shade. Pure: numbers in, RGBA out.

import { type Circle, shoreDistancePx } from "./basin.ts";
import { clamp, gradientNoise, layered, lerp, smoothstep } from "./noise.ts";

export interface IslandPicture {
  leftPx: number;
  topPx: number;
  widthPx: number;
  heightPx: number;
  /** RGBA, not premultiplied. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

type Rgb = readonly [number, number, number];

const SHOAL: Rgb = [196, 222, 178];
const WET_SAND: Rgb = [205, 176, 122];
const SAND: Rgb = [240, 217, 164];
const GRASS_EDGE: Rgb = [164, 178, 92];
const GRASS: Rgb = [104, 154, 70];
const THICKET: Rgb = [58, 116, 62];
const STONE: Rgb = [134, 137, 136];
const STONE_DARK: Rgb = [86, 92, 96];

/** Islands with no circle larger than this are bare rocks. */
const ROCK_RADIUS_PX = 46;
const SHOAL_WIDTH_PX = 22;
const MARGIN_PX = 30;
/** The coast lies at most this far from where the rules have it. */
const RAGGED_PX = 7.5;

export function isRock(circles: readonly Circle[]): boolean {
  return circles.every((circle) => circle.radiusPx <= ROCK_RADIUS_PX);
}

const ragged = layered(gradientNoise(5), 4);
const mottled = layered(gradientNoise(77), 4);

/** How far inland a point is, with the coast's raggedness; negative in water. */
export function inlandPx(circles: readonly Circle[], xPx: number, yPx: number): number {
  return ragging(xPx, yPx) - shoreDistancePx(circles, xPx, yPx);
}

function ragging(xPx: number, yPx: number): number {
  return (ragged(xPx / 46 + 64, yPx / 46 + 64) - 0.5) * 2 * RAGGED_PX;
}

export class IslandPainting {
  readonly picture: IslandPicture;
  readonly #circles: readonly Circle[];
  readonly #colourOf: (out: Colour, inland: number, x: number, y: number) => void;
  #row = 0;

  constructor(circles: readonly Circle[]) {
    const leftPx = Math.floor(Math.min(...circles.map((c) => c.xPx - c.radiusPx)) - MARGIN_PX);
    const topPx = Math.floor(Math.min(...circles.map((c) => c.yPx - c.radiusPx)) - MARGIN_PX);
    const widthPx = Math.ceil(Math.max(...circles.map((c) => c.xPx + c.radiusPx)) + MARGIN_PX) - leftPx;
    const heightPx = Math.ceil(Math.max(...circles.map((c) => c.yPx + c.radiusPx)) + MARGIN_PX) - topPx;
    this.picture = { leftPx, topPx, widthPx, heightPx, pixels: new Uint8ClampedArray(widthPx * heightPx * 4) };
    this.#circles = circles;
    this.#colourOf = isRock(circles) ? rockColour : landColour;
  }

  /** Paints up to so many rows; true when the island is painted. */
  paint(rows: number): boolean {
    const until = Math.min(this.picture.heightPx, this.#row + rows);
    for (; this.#row < until; this.#row++) this.#paintRow(this.#row);
    return this.#row === this.picture.heightPx;
  }

  #paintRow(row: number): void {
    const { leftPx, topPx, widthPx, pixels } = this.picture;
    const colour: Colour = [0, 0, 0, 0];
    const y = topPx + row;
    for (let column = 0, at = row * widthPx * 4; column < widthPx; column++, at += 4) {
      const x = leftPx + column;
      const shorePx = shoreDistancePx(this.#circles, x, y);
      if (shorePx > SHOAL_WIDTH_PX + RAGGED_PX) continue;
      const inland = ragging(x, y) - shorePx;
      if (inland < -SHOAL_WIDTH_PX) continue;
      this.#colourOf(colour, inland, x, y);
      pixels[at] = colour[0];
      pixels[at + 1] = colour[1];
      pixels[at + 2] = colour[2];
      pixels[at + 3] = colour[3];
    }
  }
}

type Colour = [number, number, number, number];

function landColour(out: Colour, inland: number, x: number, y: number): void {
  const patch = mottled(x / 34 + 90, y / 34 + 90);
  const grain = (mottled(x / 3.1, y / 3.1) - 0.5) * 18;
  if (inland < 0) {
    shoal(out, SHOAL, inland);
    return;
  }
  const edge = inland + (patch - 0.5) * 26;
  set(out, WET_SAND);
  blend(out, SAND, smoothstep(3, 9, inland));
  blend(out, GRASS_EDGE, smoothstep(17, 21, edge));
  blend(out, GRASS, smoothstep(20, 27, edge));
  blend(out, THICKET, smoothstep(0.42, 0.68, patch) * smoothstep(30, 52, edge));
  // Light from the upper left: the slope of the land's noise.
  const relief = (mottled((x + 5) / 34 + 90, (y + 5) / 34 + 90) - patch) * smoothstep(14, 30, edge);
  const ledge = smoothstep(15, 18, edge) * smoothstep(24, 19, edge) * -13;
  shade(out, grain * 0.6 + relief * 260 + ledge);
  out[3] = 255;
}

function rockColour(out: Colour, inland: number, x: number, y: number): void {
  const patch = mottled(x / 17 + 30, y / 17 + 30);
  if (inland < 0) {
    shoal(out, STONE_DARK, inland);
    return;
  }
  set(out, STONE_DARK);
  blend(out, STONE, smoothstep(1, 12, inland + (patch - 0.5) * 12));
  const facet = mottled((x + 3) / 17 + 30, (y + 3) / 17 + 30) - patch;
  blend(out, GRASS_EDGE, smoothstep(0.55, 0.7, patch) * smoothstep(16, 26, inland) * 0.7);
  shade(out, facet * 420 + (mottled(x / 2.6, y / 2.6) - 0.5) * 22);
  out[3] = 255;
}

/** Land seen through shallow water, fading away from the shore. */
function shoal(out: Colour, colour: Rgb, inland: number): void {
  set(out, colour);
  out[3] = 150 * smoothstep(-SHOAL_WIDTH_PX, 0, inland) ** 1.4;
}

function set(out: Colour, colour: Rgb): void {
  out[0] = colour[0];
  out[1] = colour[1];
  out[2] = colour[2];
}

function blend(out: Colour, colour: Rgb, share: number): void {
  out[0] = lerp(out[0], colour[0], share);
  out[1] = lerp(out[1], colour[1], share);
  out[2] = lerp(out[2], colour[2], share);
}

function shade(out: Colour, amount: number): void {
  const bounded = clamp(amount, -46, 46);
  out[0] += bounded;
  out[1] += bounded;
  out[2] += bounded * 0.85;
}
