// The islands of a basin: one painted texture each, palms and boulders on top that sway a little.

import type Phaser from "phaser";
import { ART_SCALE, type Atlas } from "./atlas.ts";
import type { Basin, Circle } from "./basin.ts";
import { BOULDER_KINDS, BUSH_KINDS, PALM_KINDS } from "./flora-art.ts";
import { inlandPx, isRock, paintIsland } from "./island-paint.ts";
import { paintRandom } from "./noise.ts";

/** One plant for this much land, square pixels. */
const LAND_PER_PLANT_PX2 = 2100;
const PLANTS_PER_ISLAND_MAX = 46;

interface Unpainted {
  circles: readonly Circle[];
  key: string;
  seed: number;
}

interface Swaying {
  image: Phaser.GameObjects.Image;
  angle: number;
  phase: number;
}

export class Islands {
  readonly #scene: Phaser.Scene;
  readonly #atlas: Atlas;
  readonly #groundDepth: number;
  readonly #canopyDepth: number;
  #objects: Phaser.GameObjects.Image[] = [];
  #swaying: Swaying[] = [];
  #textureKeys: string[] = [];
  #unpainted: Unpainted[] = [];

  constructor(scene: Phaser.Scene, atlas: Atlas, groundDepth: number, canopyDepth: number) {
    this.#scene = scene;
    this.#atlas = atlas;
    this.#groundDepth = groundDepth;
    this.#canopyDepth = canopyDepth;
  }

  /** The islands appear one by one in the frames that follow, so that entering a basin does not stop the game. */
  setBasin(basin: Basin): void {
    this.#clear();
    this.#unpainted = basin.islands.map((circles, index) => ({
      circles,
      key: `island-${index}`,
      seed: basin.seed * 31 + index,
    }));
  }

  /** `focus`: where the camera looks; what is near to it is painted first. */
  update(timeSeconds: number, focus: { xPx: number; yPx: number }, still: boolean): void {
    this.#paintNext(focus);
    if (still) return;
    for (const { image, angle, phase } of this.#swaying) {
      image.rotation = angle + Math.sin(timeSeconds * 0.9 + phase) * 0.045;
    }
  }

  #paintNext(focus: { xPx: number; yPx: number }): void {
    if (this.#unpainted.length === 0) return;
    const nearest = this.#unpainted.reduce((a, b) => (distancePx(a, focus) <= distancePx(b, focus) ? a : b));
    this.#unpainted = this.#unpainted.filter((island) => island !== nearest);
    this.#addGround(nearest.circles, nearest.key);
    this.#plant(nearest.circles, paintRandom(nearest.seed));
  }

  #addGround(circles: readonly Circle[], key: string): void {
    const picture = paintIsland(circles);
    const texture = this.#scene.textures.createCanvas(key, picture.widthPx, picture.heightPx);
    if (!texture) throw new Error(`The texture ${key} could not be made`);
    texture.getContext().putImageData(new ImageData(picture.pixels, picture.widthPx, picture.heightPx), 0, 0);
    texture.refresh();
    this.#textureKeys.push(key);
    const image = this.#scene.add.image(picture.leftPx, picture.topPx, key).setOrigin(0, 0).setDepth(this.#groundDepth);
    this.#objects.push(image);
  }

  #plant(circles: readonly Circle[], random: () => number): void {
    const area = circles.reduce((sum, circle) => sum + Math.PI * circle.radiusPx ** 2, 0);
    const wanted = Math.min(PLANTS_PER_ISLAND_MAX, Math.round(area / LAND_PER_PLANT_PX2));
    const bare = isRock(circles);
    const placed: [number, number][] = [];
    for (let attempt = 0; attempt < wanted * 5 && placed.length < wanted; attempt++) {
      const circle = circles[Math.floor(random() * circles.length)] as Circle;
      const angle = random() * Math.PI * 2;
      const reach = Math.sqrt(random()) * circle.radiusPx;
      const x = circle.xPx + Math.cos(angle) * reach;
      const y = circle.yPx + Math.sin(angle) * reach;
      const inland = inlandPx(circles, x, y);
      if (inland < 9 || placed.some(([otherX, otherY]) => Math.hypot(otherX - x, otherY - y) < 24)) continue;
      placed.push([x, y]);
      this.#standOn(x, y, bare || (inland < 17 && random() < 0.6) ? "boulder" : plantFor(inland, random()), random);
    }
  }

  #standOn(x: number, y: number, kind: "palm" | "bush" | "boulder", random: () => number): void {
    const kinds = { palm: PALM_KINDS, bush: BUSH_KINDS, boulder: BOULDER_KINDS }[kind];
    const size = (kind === "palm" ? 0.8 : 0.65) + random() * 0.45;
    const lift = kind === "palm" ? 9 : 3;
    const shadow = this.#atlas.image(this.#scene, "land-shadow", this.#groundDepth + 0.1);
    shadow.setPosition(x + lift, y + lift).setScale((size * (kind === "palm" ? 1 : 0.6)) / ART_SCALE);
    const image = this.#atlas.image(this.#scene, `${kind}-${Math.floor(random() * kinds)}`, this.#canopyDepth);
    const angle = random() * Math.PI * 2;
    // A boulder's light comes from the upper left, so it is not turned.
    image
      .setPosition(x, y)
      .setScale(size / ART_SCALE)
      .setRotation(kind === "boulder" ? 0 : angle);
    image.setDepth(this.#canopyDepth + (kind === "palm" ? 0.2 : 0));
    this.#objects.push(shadow, image);
    if (kind === "palm") this.#swaying.push({ image, angle, phase: x * 0.02 + y * 0.013 });
  }

  #clear(): void {
    for (const object of this.#objects) object.destroy();
    for (const key of this.#textureKeys) this.#scene.textures.remove(key);
    this.#objects = [];
    this.#swaying = [];
    this.#textureKeys = [];
  }
}

function distancePx({ circles: [first] }: Unpainted, { xPx, yPx }: { xPx: number; yPx: number }): number {
  return first ? Math.hypot(first.xPx - xPx, first.yPx - yPx) : 0;
}

function plantFor(inland: number, chance: number): "palm" | "bush" {
  return chance < (inland < 40 ? 0.72 : 0.45) ? "palm" : "bush";
}
