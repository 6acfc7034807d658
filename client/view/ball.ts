// Cannon balls: the ball rises and falls over its shadow as it flies.

import type Phaser from "phaser";
import type { RenderBall } from "../netcode/render-state.ts";
import { ART_SCALE, type Atlas } from "./atlas.ts";

/** How high a ball is at the top of its flight, pixels on the screen's y axis. */
const ARC_PX = 20;

interface BallSprite {
  ball: Phaser.GameObjects.Image;
  shadow: Phaser.GameObjects.Image;
}

export class Balls {
  readonly #make: () => BallSprite;
  readonly #pool: BallSprite[] = [];

  constructor(scene: Phaser.Scene, atlas: Atlas, shadowDepth: number, depth: number) {
    this.#make = () => ({
      ball: atlas.image(scene, "ball", depth),
      shadow: atlas.image(scene, "ball-shadow", shadowDepth),
    });
  }

  update(balls: readonly RenderBall[]): void {
    while (this.#pool.length < balls.length) this.#pool.push(this.#make());
    this.#pool.forEach(({ ball, shadow }, index) => {
      const state = balls[index];
      ball.setVisible(state !== undefined);
      shadow.setVisible(state !== undefined);
      if (!state) return;
      const height = Math.sin(Math.PI * state.flightLeft);
      ball.setPosition(state.xPx, state.yPx - ARC_PX * height).setScale((0.8 + 0.42 * height) / ART_SCALE);
      shadow.setPosition(state.xPx + 5 * height, state.yPx + 5 * height).setAlpha(0.95 - 0.4 * height);
    });
  }
}
