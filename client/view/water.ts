// The sea: one quad that always fills the screen. It is painted by the shader into a texture that may be coarser than the
// screen (see quality.ts), because water forgives that and a slow machine does not.

import type Phaser from "phaser";
import type { Basin } from "./basin.ts";
import { clamp, gradientNoise, layered } from "./noise.ts";
import { MapPainting, mapWindow } from "./water-map.ts";
import { WATER_FRAGMENT } from "./water-shader.ts";
import { contains, type WorldRect } from "./world-rect.ts";

const NOISE_KEY = "water-noise";
const NOISE_SIZE = 256;
const BASIN_KEY = "water-basin";
const SURFACE_KEY = "water-surface";
/** Cells of the next map that are painted in one frame: two milliseconds or so. */
const CELLS_PER_FRAME = 3_000;
/** The next map is begun when the camera looks this far from the middle of the present one. */
const OFF_CENTRE_PX = 420;

export class Water {
  readonly #scene: Phaser.Scene;
  readonly #shader: Phaser.GameObjects.Shader;
  readonly #image: Phaser.GameObjects.Image;
  readonly #view = [0, 0, 1, 1];
  readonly #mapRect = [0, 0, 1, 1];
  readonly #world = [1, 1];
  #basin: Basin | undefined;
  /** What the map on the screen covers. */
  #shown: WorldRect | undefined;
  #next: MapPainting | undefined;
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
          setUniform("uBasinRect", this.#mapRect);
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
    this.#basin = basin;
    this.#world.splice(0, 2, basin.widthPx, basin.heightPx);
    this.#shown = undefined;
    this.#next = undefined;
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
    this.#mapAround(view);
    this.#timeSeconds = timeSeconds % 3600;
    this.#fine = fine ? 1 : 0;
    this.#view.splice(0, 4, view.xPx, view.yPx, view.widthPx, view.heightPx);
    const width = Math.max(2, Math.round(canvasWidth * scale));
    const height = Math.max(2, Math.round(canvasHeight * scale));
    if (this.#shader.width !== width || this.#shader.height !== height) this.#shader.setSize(width, height);
    this.#image.setPosition(view.xPx, view.yPx).setDisplaySize(view.widthPx, view.heightPx);
  }

  /** Has the next map ready before the view leaves the present one; after a jump of the camera it is painted at once. */
  #mapAround(view: WorldRect): void {
    const basin = this.#basin;
    if (!basin) return;
    const wanted = mapWindow(basin, view.xPx + view.widthPx / 2, view.yPx + view.heightPx / 2);
    const shown = this.#shown;
    const isOffCentre = !shown || distancePx(shown, wanted) > OFF_CENTRE_PX;
    const isLost = isOffCentre && !(shown && contains(shown, view));
    if (isLost || (isOffCentre && !this.#next)) this.#next = new MapPainting(basin, wanted);
    if (this.#next?.paint(isLost ? Number.POSITIVE_INFINITY : CELLS_PER_FRAME)) this.#show(this.#next);
  }

  #show({ pixels, columns, rows, window }: MapPainting): void {
    this.#next = undefined;
    this.#shown = window;
    this.#mapRect.splice(0, 4, window.xPx, window.yPx, window.widthPx, window.heightPx);
    const { textures } = this.#scene;
    textures.remove(BASIN_KEY);
    const texture = textures.createCanvas(BASIN_KEY, columns, rows);
    if (!texture) throw new Error("The basin texture could not be made");
    texture.getContext().putImageData(new ImageData(pixels, columns, rows), 0, 0);
    texture.refresh();
    this.#shader.setTextures([NOISE_KEY, BASIN_KEY]);
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

function distancePx(a: WorldRect, b: WorldRect): number {
  return Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx);
}
