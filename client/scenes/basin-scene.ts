// The one Phaser scene: asks for the state of the game once per frame and has the stage draw it.

import Phaser from "phaser";
import type { RenderState } from "../netcode/render-state.ts";
import type { Viewport } from "../view/camera.ts";
import type { QualityController } from "../view/quality.ts";
import { Stage } from "../view/stage.ts";
import type { WorldRect } from "../view/world-rect.ts";

/** What the scene needs from the outside, asked anew for each frame. */
export interface PictureSource {
  frame(nowMs: number): RenderState | undefined;
  /** The seat that the camera follows. */
  watched(state: RenderState): number;
  labels(): boolean;
  still(): boolean;
  /** After a frame was drawn: for the HUD and the sound. */
  drawn(state: RenderState, nowMs: number): void;
}

/** A longer gap between frames is treated as this long. */
const FRAME_MAX_SECONDS = 0.1;

export class BasinScene extends Phaser.Scene {
  readonly #source: PictureSource;
  readonly #quality: QualityController;
  #stage: Stage | undefined;
  #lastMs = 0;
  #timeSeconds = 0;
  /** Canvas pixels for one CSS pixel. */
  #pixelRatio = 1;
  viewport: Viewport = { width: 1, height: 1 };

  constructor(source: PictureSource, quality: QualityController) {
    super("basin");
    this.#source = source;
    this.#quality = quality;
  }

  create(): void {
    this.#stage = new Stage(this);
    this.fit();
  }

  override update(): void {
    const nowMs = performance.now();
    const durationMs = this.#lastMs === 0 ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (this.#quality.frame(durationMs)) this.fit();
    const seconds = Math.min(durationMs / 1000, FRAME_MAX_SECONDS);
    this.#timeSeconds += seconds;
    const state = this.#source.frame(nowMs);
    if (!state) return;
    const look = {
      viewport: this.viewport,
      pixelRatio: this.#pixelRatio,
      quality: this.#quality.quality,
      still: this.#source.still(),
      labels: this.#source.labels(),
    };
    this.#stage?.draw(state, this.#source.watched(state), this.#timeSeconds, seconds, look);
    this.#source.drawn(state, nowMs);
  }

  /** Makes the canvas as large as the window, in device pixels as far as the quality allows. */
  fit(): void {
    const width = Math.max(1, window.innerWidth);
    const height = Math.max(1, window.innerHeight);
    this.viewport = { width, height };
    this.#pixelRatio = Math.min(window.devicePixelRatio || 1, this.#quality.quality.resolution);
    this.scale.resize(Math.round(width * this.#pixelRatio), Math.round(height * this.#pixelRatio));
    // After it: only this sets the size on the page, and with the size that Phaser knows by then.
    this.scale.setZoom(1 / this.#pixelRatio);
  }

  /** Level of the quality controller, 0 is the finest. */
  get quality(): number {
    return this.#quality.level;
  }

  get framesPerSecond(): number {
    return this.game.loop.actualFps;
  }

  /** What the camera sees; undefined before the first frame. */
  get seen(): WorldRect | undefined {
    return this.#stage?.seen;
  }

  worldPoint(xCss: number, yCss: number): { xPx: number; yPx: number } | undefined {
    return this.#stage?.worldPoint(xCss, yCss, this.viewport);
  }
}

/** Starts Phaser without its sound, input and physics, none of which are used. */
export function createGame(parent: HTMLElement, scene: BasinScene): Phaser.Game {
  return new Phaser.Game({
    type: Phaser.WEBGL,
    parent,
    width: window.innerWidth,
    height: window.innerHeight,
    backgroundColor: "#0d4a68",
    banner: false,
    scale: { mode: Phaser.Scale.NONE },
    audio: { noAudio: true },
    input: { keyboard: false, mouse: false, touch: false, gamepad: false },
    render: {
      antialias: true,
      antialiasGL: false,
      mipmapFilter: "LINEAR_MIPMAP_LINEAR",
      powerPreference: "high-performance",
    },
    scene: [scene],
  });
}
