// One boat on the screen: hull, gun, sail, shadow, and what marks it as one's own, as protected, as sinking. When a boat has gone out of
// sight its sprites serve another one.

import type Phaser from "phaser";
import type { RenderBoat } from "../netcode/render-state.ts";
import { ART_SCALE, type Atlas } from "./atlas.ts";
import { hullName, sailName } from "./boat-art.ts";
import { clamp } from "./noise.ts";
import { liveryOf } from "./palette.ts";

/** How long a sunk boat is seen going down. */
const SINKING_SECONDS = 1.5;
const RECOIL_PX = 5;
const FULL_SPEED_PX_PER_SECOND = 230;
const AWAY_ALPHA = 0.55;

export class BoatSprite {
  readonly #shadow: Phaser.GameObjects.Image;
  readonly #ring: Phaser.GameObjects.Image;
  readonly #shield: Phaser.GameObjects.Image;
  readonly #hull: Phaser.GameObjects.Image;
  readonly #gun: Phaser.GameObjects.Image;
  readonly #sail: Phaser.GameObjects.Image;
  readonly #parts: Phaser.GameObjects.Image[];
  #sinkingSeconds = SINKING_SECONDS;
  #recoil = 0;
  #flash = 0;
  #roll = 0;

  /** No two boats may share a depth, or they flicker where they overlap. */
  constructor(scene: Phaser.Scene, atlas: Atlas, depth: number) {
    const { colour, pattern } = liveryOf(0);
    this.#ring = atlas.image(scene, "own-ring", depth - 0.3);
    this.#shadow = atlas.image(scene, "boat-shadow", depth - 0.2);
    this.#hull = atlas.image(scene, hullName(colour), depth);
    this.#gun = atlas.image(scene, "gun", depth + 0.1);
    this.#sail = atlas.image(scene, sailName(colour, pattern), depth + 0.2);
    this.#shield = atlas.image(scene, "shield", depth + 0.3).setBlendMode("ADD");
    this.#parts = [this.#ring, this.#shadow, this.#hull, this.#gun, this.#sail, this.#shield];
    this.hide();
  }

  /** Becomes the boat of that seat, which has not been seen so far. */
  dress(seat: number): void {
    const { colour, pattern } = liveryOf(seat);
    this.#hull.setFrame(hullName(colour));
    this.#sail.setFrame(sailName(colour, pattern));
    this.#sinkingSeconds = SINKING_SECONDS;
    this.#recoil = 0;
    this.#flash = 0;
    this.#roll = 0;
    this.hide();
  }

  /** The gun jumps back. */
  fired(): void {
    this.#recoil = 1;
  }

  struck(): void {
    this.#flash = 1;
  }

  hide(): void {
    for (const part of this.#parts) part.setVisible(false);
  }

  update(boat: RenderBoat, timeSeconds: number, seconds: number, look: { still: boolean; marked: boolean }): void {
    this.#sinkingSeconds = boat.afloat ? 0 : this.#sinkingSeconds + seconds;
    this.#recoil = Math.max(0, this.#recoil - seconds * 4.5);
    this.#flash = Math.max(0, this.#flash - seconds * 5);
    const down = clamp(this.#sinkingSeconds / SINKING_SECONDS, 0, 1);
    if (down >= 1) {
      this.hide();
      return;
    }
    const cos = Math.cos(boat.heading);
    const sin = Math.sin(boat.heading);
    const speed = Math.hypot(boat.vxPxPerSecond, boat.vyPxPerSecond);
    const sway = look.still ? 0 : Math.sin(timeSeconds * 1.7 + boat.seat * 2.1);
    const size = (1 - down * 0.32) / ART_SCALE;
    const alpha = (1 - down) * (boat.away ? AWAY_ALPHA : 1);
    const turn = boat.heading + down * 0.9;

    this.#shadow
      .setPosition(boat.xPx + 5, boat.yPx + 6)
      .setRotation(turn)
      .setScale(size)
      .setAlpha(alpha * 0.8)
      .setVisible(true);
    this.#hull.setPosition(boat.xPx, boat.yPx).setRotation(turn).setAlpha(alpha).setVisible(true);
    this.#hull.setScale(size, size * (1 + sway * 0.025));
    // The sail fills with speed, and leans against the turn of the hull.
    const fill = 0.62 + 0.42 * clamp(speed / FULL_SPEED_PX_PER_SECOND, 0, 1);
    const sideways = -boat.vxPxPerSecond * sin + boat.vyPxPerSecond * cos;
    this.#roll += (clamp(sideways / 160, -0.3, 0.3) - this.#roll) * Math.min(1, seconds * 6);
    this.#sail.setPosition(boat.xPx - cos * 5, boat.yPx - sin * 5).setRotation(turn + this.#roll + sway * 0.02);
    this.#sail
      .setScale(size * fill, size * (1 - Math.abs(this.#roll) * 0.4))
      .setAlpha(alpha)
      .setVisible(true);
    const recoil = this.#recoil * RECOIL_PX;
    const gunX = boat.xPx + cos * 11 - Math.cos(boat.aim) * recoil;
    const gunY = boat.yPx + sin * 11 - Math.sin(boat.aim) * recoil;
    this.#gun.setPosition(gunX, gunY).setRotation(boat.aim).setScale(size).setAlpha(alpha).setVisible(true);
    this.#tint(boat);
    this.#mark(boat, timeSeconds, alpha, look);
  }

  /** Struck boats flash, battered ones darken. */
  #tint(boat: RenderBoat): void {
    if (this.#flash > 0.35) this.#hull.setTint(0xff9d7a);
    else if (boat.hull < 0.35) this.#hull.setTint(0xa89f98);
    else this.#hull.clearTint();
  }

  #mark(boat: RenderBoat, timeSeconds: number, alpha: number, look: { still: boolean; marked: boolean }): void {
    const pulse = look.still ? 0 : Math.sin(timeSeconds * 5);
    this.#ring.setVisible(look.marked && boat.own && boat.afloat);
    if (boat.own) {
      this.#ring
        .setPosition(boat.xPx, boat.yPx)
        .setRotation(boat.heading)
        .setScale(0.9 / ART_SCALE)
        .setAlpha(alpha * 0.85);
    }
    this.#shield.setVisible(boat.isProtected && boat.afloat);
    if (boat.isProtected) {
      this.#shield
        .setPosition(boat.xPx, boat.yPx)
        .setScale((0.9 + pulse * 0.04) / ART_SCALE)
        .setAlpha(0.6 + pulse * 0.2);
    }
  }
}
