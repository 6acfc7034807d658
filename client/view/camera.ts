// Where the picture looks: follows a boat softly, a little ahead of it, stays near the basin and trembles when hit.

import { clamp, lerp } from "./noise.ts";

export interface CameraTarget {
  xPx: number;
  yPx: number;
  vxPxPerSecond: number;
  vyPxPerSecond: number;
  aim: number;
}

export interface Viewport {
  /** Size of the window, CSS pixels. */
  width: number;
  height: number;
}

/** Land beyond the quay that may come into view, pixels. */
const EDGE_PX = 90;
const LOOK_AHEAD_SECONDS = 0.42;
const LOOK_AIM_PX = 46;
/** Time in which two thirds of a way are made up. */
const FOLLOW_SECONDS = 0.2;
const SHAKE_SECONDS = 0.38;
const SHAKE_PX = 9;
/** Beyond this the camera jumps instead of flying across the basin. */
const JUMP_PX = 900;

/** Similar sight for every screen: a window of 1280 × 800 sees about as much water as an upright phone. */
export function zoomFor({ width, height }: Viewport): number {
  return clamp(Math.sqrt(width * height) / 730, 0.72, 2.2);
}

export class ChaseCamera {
  xPx = 0;
  yPx = 0;
  #shakeSeconds = 0;
  #shakeStrength = 0;
  #placed = false;

  /** 0 … 1. */
  shake(strength: number): void {
    if (strength < this.#shakeStrength && this.#shakeSeconds > 0) return;
    this.#shakeStrength = strength;
    this.#shakeSeconds = SHAKE_SECONDS;
  }

  follow(target: CameraTarget, seconds: number): void {
    const wantedX = target.xPx + target.vxPxPerSecond * LOOK_AHEAD_SECONDS + Math.cos(target.aim) * LOOK_AIM_PX;
    const wantedY = target.yPx + target.vyPxPerSecond * LOOK_AHEAD_SECONDS + Math.sin(target.aim) * LOOK_AIM_PX;
    const far = Math.hypot(wantedX - this.xPx, wantedY - this.yPx) > JUMP_PX;
    const share = this.#placed && !far ? 1 - Math.exp(-seconds / FOLLOW_SECONDS) : 1;
    this.#placed = true;
    this.xPx = lerp(this.xPx, wantedX, share);
    this.yPx = lerp(this.yPx, wantedY, share);
    this.#shakeSeconds = Math.max(0, this.#shakeSeconds - seconds);
  }

  /** The middle of the picture, within the basin's bounds, shaken. */
  centre(basin: { widthPx: number; heightPx: number }, viewport: Viewport, zoom: number, timeSeconds: number) {
    const fading = (this.#shakeSeconds / SHAKE_SECONDS) ** 2 * this.#shakeStrength * SHAKE_PX;
    return {
      xPx: within(this.xPx, viewport.width / zoom, basin.widthPx) + Math.sin(timeSeconds * 71) * fading,
      yPx: within(this.yPx, viewport.height / zoom, basin.heightPx) + Math.cos(timeSeconds * 83) * fading,
    };
  }
}

function within(value: number, seenPx: number, sizePx: number): number {
  const low = seenPx / 2 - EDGE_PX;
  const high = sizePx + EDGE_PX - seenPx / 2;
  return low > high ? sizePx / 2 : clamp(value, low, high);
}
