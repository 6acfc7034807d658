// A boat's name and hull bar, always upright and of the same size on the screen. Names are drawn as pixels, so markup in
// them is only text.

import type Phaser from "phaser";
import type { RenderBoat } from "../netcode/render-state.ts";
import { ART_SCALE, type Atlas } from "./atlas.ts";
import { clamp } from "./noise.ts";

const FONT_PX = 13;
const BAR_WIDTH = 44;
const BAR_HEIGHT = 5;
const ABOVE_PX = 44;
const WHITE_SIZE = 4;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

export class Label {
  readonly #text: Phaser.GameObjects.Text;
  readonly #back: Phaser.GameObjects.Image;
  readonly #bar: Phaser.GameObjects.Image;
  #shown = "";
  #pixelRatio = 0;

  constructor(scene: Phaser.Scene, atlas: Atlas, depth: number) {
    this.#text = scene.add.text(0, 0, "", { fontFamily: FONT, fontStyle: "600", color: "#ffffff" });
    // Above all bars: each text has a texture of its own, the bars of all boats share one.
    this.#text.setOrigin(0.5, 1).setDepth(depth + 0.02);
    this.#back = atlas.image(scene, "white", depth).setTint(0x07202e).setAlpha(0.6);
    this.#bar = atlas.image(scene, "white", depth + 0.01).setOrigin(0, 0.5);
    this.hide();
  }

  hide(): void {
    for (const part of [this.#text, this.#back, this.#bar]) part.setVisible(false);
  }

  /** `zoom`: canvas pixels for one world pixel; `pixelRatio`: canvas pixels for one CSS pixel. */
  update(boat: RenderBoat, zoom: number, pixelRatio: number): void {
    if (!boat.afloat) {
      this.hide();
      return;
    }
    const text = boat.away ? `${boat.name} (away)` : boat.name;
    if (text !== this.#shown || pixelRatio !== this.#pixelRatio) this.#write(text, boat.own, pixelRatio);
    const unit = pixelRatio / zoom;
    const y = boat.yPx - Math.max(ABOVE_PX * 0.8, (ABOVE_PX * unit) / 1.1);
    this.#text
      .setPosition(boat.xPx, y - 3 * unit)
      .setScale(1 / zoom)
      .setVisible(true);
    const width = BAR_WIDTH * unit;
    this.#back.setPosition(boat.xPx, y + 3 * unit).setVisible(true);
    stretch(this.#back, width + 2 * unit, (BAR_HEIGHT + 2) * unit);
    this.#bar.setPosition(boat.xPx - width / 2, y + 3 * unit).setVisible(boat.hull > 0);
    stretch(this.#bar, width * clamp(boat.hull, 0, 1), BAR_HEIGHT * unit);
    this.#bar.setTint(boat.own ? 0xffffff : boat.hull > 0.5 ? 0x7fd7f5 : boat.hull > 0.25 ? 0xf5c451 : 0xff7a4d);
  }

  #write(text: string, own: boolean, pixelRatio: number): void {
    this.#shown = text;
    this.#pixelRatio = pixelRatio;
    this.#text.setStyle({
      fontFamily: FONT,
      fontStyle: own ? "700" : "600",
      fontSize: `${Math.round(FONT_PX * pixelRatio)}px`,
      color: own ? "#fff3c9" : "#ffffff",
    });
    this.#text.setStroke("rgba(4,28,42,0.85)", 3.4 * pixelRatio).setText(text);
  }
}

function stretch(image: Phaser.GameObjects.Image, width: number, height: number): void {
  image.setScale(width / (WHITE_SIZE * ART_SCALE), height / (WHITE_SIZE * ART_SCALE));
}
