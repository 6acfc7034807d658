// Where the server says that the boats are: outlines beside the boats as they are drawn. The own one with the predicted ticks between the
// two, as dots, and how far apart they are in time and in space.

import type Phaser from "phaser";
import type { RenderBoat, RenderGhost, RenderState } from "../netcode/render-state.ts";
import { ART_SCALE, type Atlas } from "./atlas.ts";
import { GOLD } from "./palette.ts";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const FONT_PX = 13;
/** From the middle of the ghost to its figures, on the side where the boat is not; px on the screen. */
const FIGURES_AWAY_PX = 36;
/** So much further above the ghost: a boat's name stands there. */
const ABOVE_NAMES_PX = 26;
const OWN_LINE_PX = 2;
const OTHERS_LINE_PX = 1.2;
const DARK = 0x04202f;

export class Ghosts {
  readonly #make: (own: boolean) => Phaser.GameObjects.Image;
  readonly #makeDot: () => Phaser.GameObjects.Image;
  readonly #own: Phaser.GameObjects.Image;
  readonly #others: Phaser.GameObjects.Image[] = [];
  readonly #dots: Phaser.GameObjects.Image[] = [];
  readonly #lines: Phaser.GameObjects.Graphics;
  readonly #figures: Phaser.GameObjects.Text;
  #pixelRatio = 0;
  #isShown = false;

  constructor(scene: Phaser.Scene, atlas: Atlas, depth: number, figuresDepth: number) {
    this.#make = (own) => atlas.image(scene, own ? "ghost-own" : "ghost", depth);
    this.#makeDot = () => atlas.image(scene, "ghost-dot", depth + 0.1);
    this.#own = this.#make(true);
    this.#lines = scene.add.graphics().setDepth(depth - 0.1);
    this.#figures = scene.add.text(0, 0, "").setDepth(figuresDepth);
    this.#hide();
  }

  /** `zoom`: canvas pixels for one world pixel; `pixelRatio`: canvas pixels for one CSS pixel. */
  update({ ghosts, boats }: RenderState, zoom: number, pixelRatio: number): void {
    if (ghosts.length === 0) {
      if (this.#isShown) this.#hide();
      return;
    }
    this.#isShown = true;
    this.#lines.clear();
    const unit = pixelRatio / zoom;
    let others = 0;
    this.#hideOwn();
    for (const ghost of ghosts) {
      const boat = boats.find(({ seat }) => seat === ghost.seat);
      if (!boat?.afloat) continue;
      if (ghost.own) {
        place(this.#own, ghost);
        this.#drawPath(ghost, boat, unit);
        this.#write(ghost, boat, zoom, pixelRatio);
      } else {
        if (this.#others.length === others) this.#others.push(this.#make(false));
        place(this.#others[others]!, ghost);
        others += 1;
        this.#line(ghost, boat, OTHERS_LINE_PX * unit, 0xffffff, 0.7);
      }
    }
    for (const image of this.#others.slice(others)) image.setVisible(false);
  }

  /** From the ghost over every predicted tick to the drawn boat. */
  #drawPath(ghost: RenderGhost, boat: RenderBoat, unit: number): void {
    const points = [ghost, ...ghost.path, boat];
    for (const [at, to] of points.slice(1).entries()) this.#line(points[at]!, to, OWN_LINE_PX * unit, GOLD, 0.95);
    while (this.#dots.length < ghost.path.length) this.#dots.push(this.#makeDot());
    for (const [at, dot] of this.#dots.entries()) {
      const point = ghost.path[at];
      dot.setVisible(point !== undefined);
      if (point) dot.setPosition(point.xPx, point.yPx);
    }
  }

  #line(from: Place, to: Place, widthPx: number, colour: number, alpha: number): void {
    this.#lines.lineStyle(widthPx * 2.2, DARK, alpha * 0.4).lineBetween(from.xPx, from.yPx, to.xPx, to.yPx);
    this.#lines.lineStyle(widthPx, colour, alpha).lineBetween(from.xPx, from.yPx, to.xPx, to.yPx);
  }

  #write(ghost: RenderGhost, boat: RenderBoat, zoom: number, pixelRatio: number): void {
    if (pixelRatio !== this.#pixelRatio) {
      this.#pixelRatio = pixelRatio;
      const fontSize = `${Math.round(FONT_PX * pixelRatio)}px`;
      this.#figures.setStyle({ fontFamily: FONT, fontStyle: "700", fontSize, color: "#ffe39a" });
      this.#figures.setStroke("rgba(4,28,42,0.9)", 3.6 * pixelRatio);
    }
    const text = figuresOf(ghost, boat);
    if (text !== this.#figures.text) this.#figures.setText(text);
    const apartPx = Math.hypot(ghost.xPx - boat.xPx, ghost.yPx - boat.yPx);
    const x = apartPx < 1 ? 0 : (ghost.xPx - boat.xPx) / apartPx;
    const y = apartPx < 1 ? 1 : (ghost.yPx - boat.yPx) / apartPx;
    const awayPx = ((FIGURES_AWAY_PX + ABOVE_NAMES_PX * Math.max(0, -y)) * pixelRatio) / zoom;
    this.#figures
      .setOrigin((1 - x) / 2, (1 - y) / 2)
      .setPosition(ghost.xPx + x * awayPx, ghost.yPx + y * awayPx)
      .setScale(1 / zoom)
      .setVisible(true);
  }

  #hideOwn(): void {
    for (const part of [this.#own, this.#figures, ...this.#dots]) part.setVisible(false);
  }

  #hide(): void {
    this.#isShown = false;
    this.#lines.clear();
    this.#hideOwn();
    for (const image of this.#others) image.setVisible(false);
  }
}

interface Place {
  xPx: number;
  yPx: number;
}

function place(image: Phaser.GameObjects.Image, ghost: RenderGhost): void {
  image
    .setPosition(ghost.xPx, ghost.yPx)
    .setRotation(ghost.heading)
    .setScale(1 / ART_SCALE)
    .setVisible(true);
}

/** "server: 198 ms behind, 44 px" — behind or ahead of the boat as it is drawn. */
export function figuresOf(ghost: RenderGhost, boat: Place): string {
  const ms = Math.round(ghost.aheadMs);
  const px = Math.round(Math.hypot(boat.xPx - ghost.xPx, boat.yPx - ghost.yPx));
  return `server: ${Math.abs(ms)} ms ${ms >= 0 ? "behind" : "ahead"}, ${px} px`;
}
