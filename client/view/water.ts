// The sea: one quad that always fills the screen. It is painted by the shader into a texture that may be coarser than the
// screen (see quality.ts), because water forgives that and a slow machine does not.

import type Phaser from "phaser";
import { type Basin, shoreDistancePx } from "./basin.ts";
import { clamp, gradientNoise, layered } from "./noise.ts";
import { WATER_FRAGMENT } from "./water-shader.ts";

const NOISE_KEY = "water-noise";
const NOISE_SIZE = 256;
const BASIN_KEY = "water-basin";
const SURFACE_KEY = "water-surface";
/** One texel of the basin map covers this many world pixels. */
const CELL_PX = 10;
/** The basin map reaches this far beyond the quay. */
const MARGIN_PX = 320;
/** Distances are stored as 0 … 255 for -64 … 191 pixels. */
const DISTANCE_OFFSET_PX = 64;

export interface WorldRect {
  xPx: number;
  yPx: number;
  widthPx: number;
  heightPx: number;
}

export class Water {
  readonly #scene: Phaser.Scene;
  readonly #shader: Phaser.GameObjects.Shader;
  readonly #image: Phaser.GameObjects.Image;
  readonly #view = [0, 0, 1, 1];
  readonly #basinRect = [0, 0, 1, 1];
  readonly #world = [1, 1];
  #fine = 1;
  #timeSeconds = 0;

  constructor(scene: Phaser.Scene, depth: number) {
    this.#scene = scene;
    paintNoise(scene);
    const map = scene.textures.createCanvas(BASIN_KEY, 4, 4);
    if (!map) throw new Error("The basin texture could not be made");
    this.#shader = scene.add.shader(
      {
        name: "Water",
        fragmentSource: WATER_FRAGMENT,
        setupUniforms: (setUniform: (name: string, value: unknown) => void) => {
          setUniform("uNoise", 0);
          setUniform("uBasin", 1);
          setUniform("uTime", this.#timeSeconds);
          setUniform("uFine", this.#fine);
          setUniform("uView", this.#view);
          setUniform("uBasinRect", this.#basinRect);
          setUniform("uWorld", this.#world);
        },
      },
      0,
      0,
      64,
      64,
      [NOISE_KEY, BASIN_KEY],
    );
    this.#shader.setRenderToTexture(SURFACE_KEY);
    this.#image = scene.add.image(0, 0, SURFACE_KEY).setOrigin(0, 0).setDepth(depth);
  }

  setBasin(basin: Basin): void {
    this.#basinRect.splice(0, 4, -MARGIN_PX, -MARGIN_PX, basin.widthPx + 2 * MARGIN_PX, basin.heightPx + 2 * MARGIN_PX);
    this.#world.splice(0, 2, basin.widthPx, basin.heightPx);
    this.#scene.textures.remove(BASIN_KEY);
    paintBasin(this.#scene, basin);
    this.#shader.setTextures([NOISE_KEY, BASIN_KEY]);
  }

  /** `scale`: texels for one canvas pixel; `fine`: whether glitter is worth its cost. */
  update(
    timeSeconds: number,
    view: WorldRect,
    canvasWidth: number,
    canvasHeight: number,
    scale: number,
    fine: boolean,
  ): void {
    this.#timeSeconds = timeSeconds % 3600;
    this.#fine = fine ? 1 : 0;
    this.#view.splice(0, 4, view.xPx, view.yPx, view.widthPx, view.heightPx);
    const width = Math.max(2, Math.round(canvasWidth * scale));
    const height = Math.max(2, Math.round(canvasHeight * scale));
    if (this.#shader.width !== width || this.#shader.height !== height) this.#shader.setSize(width, height);
    this.#image.setPosition(view.xPx, view.yPx).setDisplaySize(view.widthPx, view.heightPx);
  }
}

function paintNoise(scene: Phaser.Scene): void {
  if (scene.textures.exists(NOISE_KEY)) return;
  const texture = scene.textures.createCanvas(NOISE_KEY, NOISE_SIZE, NOISE_SIZE);
  if (!texture) throw new Error("The noise texture could not be made");
  const context = texture.getContext();
  const pixels = context.createImageData(NOISE_SIZE, NOISE_SIZE);
  const broad = layered(gradientNoise(11, 4), 5);
  const choppy = layered(gradientNoise(23, 8), 4);
  const ridged = layered(gradientNoise(37, 8), 3);
  for (let y = 0; y < NOISE_SIZE; y++) {
    for (let x = 0; x < NOISE_SIZE; x++) {
      const u = x / NOISE_SIZE;
      const v = y / NOISE_SIZE;
      const at = (y * NOISE_SIZE + x) * 4;
      pixels.data[at] = stretched(broad(u * 4, v * 4)) * 255;
      pixels.data[at + 1] = stretched(choppy(u * 8, v * 8)) * 255;
      pixels.data[at + 2] = (1 - Math.abs(2 * stretched(ridged(u * 8, v * 8)) - 1)) * 255;
      pixels.data[at + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
  texture.refresh();
}

/** Layered noise keeps to the middle; spread it over 0 … 1. */
function stretched(value: number): number {
  return clamp((value - 0.5) * 1.7 + 0.5, 0, 1);
}

function paintBasin(scene: Phaser.Scene, basin: Basin): void {
  const columns = Math.ceil((basin.widthPx + 2 * MARGIN_PX) / CELL_PX);
  const rows = Math.ceil((basin.heightPx + 2 * MARGIN_PX) / CELL_PX);
  const texture = scene.textures.createCanvas(BASIN_KEY, columns, rows);
  if (!texture) throw new Error("The basin texture could not be made");
  const context = texture.getContext();
  const pixels = context.createImageData(columns, rows);
  const fastest = fastestCurrent(basin);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at += 4) {
      const xPx = (column + 0.5) * CELL_PX - MARGIN_PX;
      const yPx = (row + 0.5) * CELL_PX - MARGIN_PX;
      const current = basin.currentAt(clamp(xPx, 0, basin.widthPx), clamp(yPx, 0, basin.heightPx));
      pixels.data[at] = clamp(shoreDistancePx(basin.circles, xPx, yPx) + DISTANCE_OFFSET_PX, 0, 255);
      pixels.data[at + 1] = (current.x / fastest / 2 + 0.5) * 255;
      pixels.data[at + 2] = (current.y / fastest / 2 + 0.5) * 255;
      pixels.data[at + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
  texture.refresh();
}

function fastestCurrent(basin: Basin): number {
  let fastest = 1;
  for (let y = 0; y <= basin.heightPx; y += 200) {
    for (let x = 0; x <= basin.widthPx; x += 200) {
      const current = basin.currentAt(x, y);
      fastest = Math.max(fastest, Math.hypot(current.x, current.y));
    }
  }
  return fastest;
}
