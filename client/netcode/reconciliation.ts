// Corrections of the own boat as the player sees them: the drawn boat keeps its place and glides to the corrected one.

import { type Pose, shortestTurn } from "./pose.ts";

/** Time in which a correction is faded out, milliseconds. */
export const FADE_MS = 150;
/** A larger correction is not faded: the boat is simply there. */
export const SNAP_PX = 220;

export interface Offset {
  xPx: number;
  yPx: number;
  headingRadians: number;
}

type Place = Pick<Pose, "xPx" | "yPx" | "heading">;

const NONE: Offset = { xPx: 0, yPx: 0, headingRadians: 0 };

export class CorrectionFade {
  #start: Offset = NONE;
  #startedAtMs = 0;

  /** What to add to the predicted place at `nowMs`. */
  offset(nowMs: number): Offset {
    const passed = (nowMs - this.#startedAtMs) / FADE_MS;
    if (passed >= 1) return NONE;
    const left = 1 - Math.max(0, passed);
    const share = left * left;
    return {
      xPx: this.#start.xPx * share,
      yPx: this.#start.yPx * share,
      headingRadians: this.#start.headingRadians * share,
    };
  }

  /** What would be drawn changed from `before` to `after`; returns the distance, pixels. */
  correct(before: Place, after: Place, nowMs: number): number {
    const xPx = before.xPx - after.xPx;
    const yPx = before.yPx - after.yPx;
    const distancePx = Math.hypot(xPx, yPx);
    const headingRadians = shortestTurn(after.heading, before.heading, 2 * Math.PI);
    if (distancePx === 0 && headingRadians === 0) return 0;
    if (distancePx > SNAP_PX) {
      this.clear();
      return distancePx;
    }
    const now = this.offset(nowMs);
    this.#start = {
      xPx: now.xPx + xPx,
      yPx: now.yPx + yPx,
      headingRadians: now.headingRadians + headingRadians,
    };
    this.#startedAtMs = nowMs;
    return distancePx;
  }

  clear(): void {
    this.#start = NONE;
  }
}
