// Every small drawing in one texture, so that boats, smoke and pearls go to the graphics card in one batch. Drawings are
// made by functions on a 2D canvas at ART_SCALE times their size in the world.

import type Phaser from "phaser";

/** Texture pixels for one world pixel. */
export const ART_SCALE = 3;
const ATLAS_KEY = "atlas";
const ATLAS_WIDTH = 2048;
const ATLAS_HEIGHT = 2048;
const GAP = 4;

export type Draw = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/** A drawing `width` × `height` world pixels large; `draw` has its origin in the middle and one world pixel as its unit. */
export interface Drawing {
  name: string;
  width: number;
  height: number;
  draw: Draw;
}

export interface Atlas {
  key: string;
  image(scene: Phaser.Scene, name: string, depth: number): Phaser.GameObjects.Image;
}

export function createAtlas(scene: Phaser.Scene, drawings: readonly Drawing[]): Atlas {
  if (!scene.textures.exists(ATLAS_KEY)) paintAtlas(scene, drawings);
  return {
    key: ATLAS_KEY,
    image: (target, name, depth) =>
      target.add
        .image(0, 0, ATLAS_KEY, name)
        .setScale(1 / ART_SCALE)
        .setDepth(depth),
  };
}

function paintAtlas(scene: Phaser.Scene, drawings: readonly Drawing[]): void {
  const texture = scene.textures.createCanvas(ATLAS_KEY, ATLAS_WIDTH, ATLAS_HEIGHT);
  if (!texture) throw new Error("The atlas texture could not be made");
  const context = texture.getContext();
  let x = GAP;
  let y = GAP;
  let rowHeight = 0;
  const tallestFirst = [...drawings].sort((a, b) => b.height - a.height);
  for (const { name, width, height, draw } of tallestFirst) {
    const pixelsWide = Math.ceil(width * ART_SCALE);
    const pixelsHigh = Math.ceil(height * ART_SCALE);
    if (x + pixelsWide + GAP > ATLAS_WIDTH) {
      x = GAP;
      y += rowHeight + GAP;
      rowHeight = 0;
    }
    if (y + pixelsHigh > ATLAS_HEIGHT) throw new Error(`The atlas is full at ${name}`);
    context.save();
    context.beginPath();
    context.rect(x, y, pixelsWide, pixelsHigh);
    context.clip();
    context.translate(x + pixelsWide / 2, y + pixelsHigh / 2);
    context.scale(ART_SCALE, ART_SCALE);
    draw(context, width, height);
    context.restore();
    texture.add(name, 0, x, y, pixelsWide, pixelsHigh);
    x += pixelsWide + GAP;
    rowHeight = Math.max(rowHeight, pixelsHigh);
  }
  texture.refresh();
}
