// The basin's stone quay and the land behind it: what stops a boat at the edge of the world.

import type Phaser from "phaser";
import type { Basin } from "./basin.ts";
import { gradientNoise, layered, paintRandom } from "./noise.ts";

const WALL_KEY = "quay-wall";
const GROUND_KEY = "quay-ground";
const WALL_PX = 26;
/** Land is painted this far out; the camera never looks further. */
const LAND_PX = 700;

export class Quay {
  readonly #scene: Phaser.Scene;
  readonly #depth: number;
  #objects: Phaser.GameObjects.TileSprite[] = [];

  constructor(scene: Phaser.Scene, depth: number) {
    this.#scene = scene;
    this.#depth = depth;
    paintWall(scene);
    paintGround(scene);
  }

  setBasin({ widthPx, heightPx }: Basin): void {
    for (const object of this.#objects) object.destroy();
    const tile = (x: number, y: number, width: number, height: number, key: string, depth: number) => {
      const sprite = this.#scene.add.tileSprite(x, y, width, height, key).setOrigin(0, 0).setDepth(depth);
      this.#objects.push(sprite);
      return sprite;
    };
    this.#objects = [];
    const outer = widthPx + 2 * LAND_PX;
    tile(-LAND_PX, -LAND_PX, outer, LAND_PX, GROUND_KEY, this.#depth);
    tile(-LAND_PX, heightPx, outer, LAND_PX, GROUND_KEY, this.#depth);
    tile(-LAND_PX, 0, LAND_PX, heightPx, GROUND_KEY, this.#depth).setTilePosition(0, LAND_PX % 256);
    tile(widthPx, 0, LAND_PX, heightPx, GROUND_KEY, this.#depth).setTilePosition(
      (widthPx + LAND_PX) % 256,
      LAND_PX % 256,
    );
    const long = widthPx + 2 * WALL_PX;
    tile(-WALL_PX, -WALL_PX, long, WALL_PX, WALL_KEY, this.#depth + 0.1);
    tile(-WALL_PX, heightPx, long, WALL_PX, WALL_KEY, this.#depth + 0.1).setFlipY(true);
    const left = tile(0, 0, heightPx, WALL_PX, WALL_KEY, this.#depth + 0.1);
    left.setPosition(-WALL_PX, heightPx).setRotation(-Math.PI / 2);
    const right = tile(0, 0, heightPx, WALL_PX, WALL_KEY, this.#depth + 0.1);
    right.setPosition(widthPx + WALL_PX, 0).setRotation(Math.PI / 2);
  }
}

/** Outer edge at the top, water's edge at the bottom. */
function paintWall(scene: Phaser.Scene): void {
  if (scene.textures.exists(WALL_KEY)) return;
  const texture = scene.textures.createCanvas(WALL_KEY, 512, WALL_PX);
  if (!texture) throw new Error("The quay's texture could not be made");
  const context = texture.getContext();
  const random = paintRandom(8);
  context.fillStyle = "#6f6a60";
  context.fillRect(0, 0, 512, WALL_PX);
  for (let x = 0; x < 512; ) {
    const width = Math.min(512 - x, 28 + Math.floor(random() * 30));
    const lightness = 62 + random() * 12;
    context.fillStyle = `hsl(38 12% ${lightness}%)`;
    context.fillRect(x + 1, 2, width - 2, WALL_PX - 9);
    context.fillStyle = `hsl(38 16% ${lightness + 9}%)`;
    context.fillRect(x + 1, 2, width - 2, 2);
    x += width;
  }
  const drop = context.createLinearGradient(0, WALL_PX - 8, 0, WALL_PX);
  drop.addColorStop(0, "#4c4a44");
  drop.addColorStop(1, "#23413f");
  context.fillStyle = drop;
  context.fillRect(0, WALL_PX - 7, 512, 7);
  texture.refresh();
}

function paintGround(scene: Phaser.Scene): void {
  if (scene.textures.exists(GROUND_KEY)) return;
  const texture = scene.textures.createCanvas(GROUND_KEY, 256, 256);
  if (!texture) throw new Error("The land's texture could not be made");
  const context = texture.getContext();
  const pixels = context.createImageData(256, 256);
  const noise = layered(gradientNoise(91, 8), 5);
  for (let y = 0, at = 0; y < 256; y++) {
    for (let x = 0; x < 256; x++, at += 4) {
      const value = noise(x / 32, y / 32);
      const slope = noise((x + 3) / 32, (y + 3) / 32) - value;
      pixels.data[at] = 86 + value * 60 + slope * 190;
      pixels.data[at + 1] = 120 + value * 56 + slope * 190;
      pixels.data[at + 2] = 62 + value * 34 + slope * 130;
      pixels.data[at + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
  texture.refresh();
}
