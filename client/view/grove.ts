// What grows and lies on one island: palms, bushes, boulders, each with its shadow. The palms sway.

import type Phaser from "phaser";
import { ART_SCALE, type Atlas } from "./atlas.ts";
import type { Circle } from "./basin.ts";
import { BOULDER_KINDS, BUSH_KINDS, PALM_KINDS } from "./flora-art.ts";
import { inlandPx, isRock } from "./island-paint.ts";

/** One plant for this much land, square pixels. */
const LAND_PER_PLANT_PX2 = 2100;
const PLANTS_PER_ISLAND_MAX = 46;

type Kind = "palm" | "bush" | "boulder";

interface Swaying {
  image: Phaser.GameObjects.Image;
  angle: number;
  phase: number;
}

export interface GroveDepths {
  ground: number;
  canopy: number;
}

export class Grove {
  readonly #scene: Phaser.Scene;
  readonly #atlas: Atlas;
  readonly #depths: GroveDepths;
  readonly #images: Phaser.GameObjects.Image[] = [];
  readonly #swaying: Swaying[] = [];

  constructor(
    scene: Phaser.Scene,
    atlas: Atlas,
    depths: GroveDepths,
    circles: readonly Circle[],
    random: () => number,
  ) {
    this.#scene = scene;
    this.#atlas = atlas;
    this.#depths = depths;
    this.#plant(circles, random);
  }

  sway(timeSeconds: number): void {
    for (const { image, angle, phase } of this.#swaying) {
      image.rotation = angle + Math.sin(timeSeconds * 0.9 + phase) * 0.045;
    }
  }

  close(): void {
    for (const image of this.#images) image.destroy();
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

  #standOn(x: number, y: number, kind: Kind, random: () => number): void {
    const kinds = { palm: PALM_KINDS, bush: BUSH_KINDS, boulder: BOULDER_KINDS }[kind];
    const size = (kind === "palm" ? 0.8 : 0.65) + random() * 0.45;
    const lift = kind === "palm" ? 9 : 3;
    const shadow = this.#atlas.image(this.#scene, "land-shadow", this.#depths.ground + 0.1);
    shadow.setPosition(x + lift, y + lift).setScale((size * (kind === "palm" ? 1 : 0.6)) / ART_SCALE);
    const image = this.#atlas.image(this.#scene, `${kind}-${Math.floor(random() * kinds)}`, this.#depths.canopy);
    const angle = random() * Math.PI * 2;
    // A boulder's light comes from the upper left, so it is not turned.
    image
      .setPosition(x, y)
      .setScale(size / ART_SCALE)
      .setRotation(kind === "boulder" ? 0 : angle);
    image.setDepth(this.#depths.canopy + (kind === "palm" ? 0.2 : 0));
    this.#images.push(shadow, image);
    if (kind === "palm") this.#swaying.push({ image, angle, phase: x * 0.02 + y * 0.013 });
  }
}

function plantFor(inland: number, chance: number): Kind {
  return chance < (inland < 40 ? 0.72 : 0.45) ? "palm" : "bush";
}
