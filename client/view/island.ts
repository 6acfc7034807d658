// The islands of a basin: one painted texture each, with a grove on it, made when the camera comes near.

import type Phaser from "phaser";
import type { Atlas } from "./atlas.ts";
import type { Basin, Circle } from "./basin.ts";
import { Grove, type GroveDepths } from "./grove.ts";
import { chooseIsland, type IslandPlace } from "./island-choice.ts";
import { IslandPainting } from "./island-paint.ts";
import { paintRandom } from "./noise.ts";
import type { WorldRect } from "./world-rect.ts";

/** Rows of an island that is still out of sight, painted in one frame: a millisecond or two. */
const ROWS_PER_FRAME = 8;

interface Island extends IslandPlace {
  key: string;
  seed: number;
  circles: readonly Circle[];
}

interface Painted {
  ground: Phaser.GameObjects.Image;
  grove: Grove;
}

export class Islands {
  readonly #scene: Phaser.Scene;
  readonly #atlas: Atlas;
  readonly #depths: GroveDepths;
  readonly #painted = new Map<Island, Painted>();
  #unpainted: Island[] = [];
  #painting: { island: Island; work: IslandPainting } | undefined;

  constructor(scene: Phaser.Scene, atlas: Atlas, groundDepth: number, canopyDepth: number) {
    this.#scene = scene;
    this.#atlas = atlas;
    this.#depths = { ground: groundDepth, canopy: canopyDepth };
  }

  setBasin(basin: Basin): void {
    for (const island of this.#painted.keys()) this.#drop(island);
    this.#painting = undefined;
    this.#unpainted = basin.islands.map((circles, index) => ({
      ...placeOf(circles),
      key: `island-${index}`,
      seed: basin.seed * 31 + index,
      circles,
    }));
  }

  /** What is seen appears one by one in the frames that follow, what may be seen soon is painted a little in each. */
  update(timeSeconds: number, view: WorldRect, still: boolean): void {
    this.#paintNext(view);
    if (still) return;
    for (const { grove } of this.#painted.values()) grove.sway(timeSeconds);
  }

  #paintNext(view: WorldRect): void {
    const { paint, isSeen, drop } = chooseIsland([...this.#painted.keys()], this.#unpainted, view);
    if (!paint) return;
    if (drop) {
      this.#drop(drop);
      this.#unpainted.push(drop);
    }
    if (this.#painting?.island !== paint) {
      this.#painting = { island: paint, work: new IslandPainting(paint.circles) };
    }
    if (!this.#painting.work.paint(isSeen ? Number.POSITIVE_INFINITY : ROWS_PER_FRAME)) return;
    this.#add(paint, this.#painting.work);
    this.#painting = undefined;
  }

  #add(island: Island, { picture }: IslandPainting): void {
    const { key, circles, seed } = island;
    const texture = this.#scene.textures.createCanvas(key, picture.widthPx, picture.heightPx);
    if (!texture) throw new Error(`The texture ${key} could not be made`);
    texture.getContext().putImageData(new ImageData(picture.pixels, picture.widthPx, picture.heightPx), 0, 0);
    texture.refresh();
    const ground = this.#scene.add.image(picture.leftPx, picture.topPx, key);
    ground.setOrigin(0, 0).setDepth(this.#depths.ground);
    const grove = new Grove(this.#scene, this.#atlas, this.#depths, circles, paintRandom(seed));
    this.#painted.set(island, { ground, grove });
    this.#unpainted = this.#unpainted.filter((other) => other !== island);
  }

  #drop(island: Island): void {
    const painted = this.#painted.get(island);
    if (!painted) return;
    this.#painted.delete(island);
    painted.grove.close();
    painted.ground.destroy();
    this.#scene.textures.remove(island.key);
  }
}

function placeOf(circles: readonly Circle[]): IslandPlace {
  const xPx = circles.reduce((sum, circle) => sum + circle.xPx, 0) / circles.length;
  const yPx = circles.reduce((sum, circle) => sum + circle.yPx, 0) / circles.length;
  const reaches = circles.map((circle) => Math.hypot(circle.xPx - xPx, circle.yPx - yPx) + circle.radiusPx);
  return { xPx, yPx, reachPx: Math.max(...reaches) };
}
