// Pearls afloat: they bob, ripple and glint now and then.

import type Phaser from "phaser";
import type { RenderPearl } from "../netcode/render-state.ts";
import { ART_SCALE, type Atlas } from "./atlas.ts";
import { GOLD } from "./palette.ts";

interface PearlSprite {
  pearl: Phaser.GameObjects.Image;
  ripple: Phaser.GameObjects.Image;
  glint: Phaser.GameObjects.Image;
}

/** A pearl glints once in this time, each at its own moment. */
const GLINT_SECONDS = 2.6;

export class Pearls {
  readonly #make: () => PearlSprite;
  readonly #pool: PearlSprite[] = [];

  constructor(scene: Phaser.Scene, atlas: Atlas, depth: number) {
    this.#make = () => ({
      ripple: atlas.image(scene, "pearl-ripple", depth),
      pearl: atlas.image(scene, "pearl", depth + 0.1),
      glint: atlas
        .image(scene, "star", depth + 0.2)
        .setBlendMode("ADD")
        .setTint(GOLD),
    });
  }

  update(pearls: readonly RenderPearl[], timeSeconds: number, still: boolean): void {
    while (this.#pool.length < pearls.length) this.#pool.push(this.#make());
    this.#pool.forEach(({ pearl, ripple, glint }, index) => {
      const state = pearls[index];
      const there = state !== undefined;
      pearl.setVisible(there);
      ripple.setVisible(there);
      glint.setVisible(there && !still);
      if (!state) return;
      const phase = state.id * 1.7;
      const bob = still ? 0 : Math.sin(timeSeconds * 2.1 + phase);
      pearl.setPosition(state.xPx, state.yPx + bob * 1.5).setScale((1 + bob * 0.04) / ART_SCALE);
      ripple
        .setPosition(state.xPx, state.yPx + 1)
        .setScale((1 + bob * 0.12) / ART_SCALE)
        .setAlpha(0.75 - bob * 0.25);
      if (still) return;
      const moment = ((timeSeconds + phase) % GLINT_SECONDS) / GLINT_SECONDS;
      const shine = Math.max(0, 1 - Math.abs(moment - 0.12) * 9);
      glint.setPosition(state.xPx - 3, state.yPx - 3.5 + bob * 1.5).setScale((shine * 1.05) / ART_SCALE);
      glint.rotation = moment * 3;
    });
  }
}
