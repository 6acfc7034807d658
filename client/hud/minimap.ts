// The basin in small: islands once, boats and pearls ten times a second.

import type { RenderState } from "../netcode/render-state.ts";
import { type Basin, basinOf } from "../view/basin.ts";
import { css, liveryOf } from "../view/palette.ts";
import { element } from "./element.ts";
import { type MapFrame, mapFrame, toMap } from "./minimap-frame.ts";

const WIDTH_PX = 176;
const SCALE_MAX = 2;

export class Minimap {
  readonly root: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #islands = document.createElement("canvas");
  #frame: MapFrame | undefined;
  #seed: number | undefined;

  constructor() {
    this.#canvas = element("canvas", {
      className: "minimap",
      attributes: { role: "img", "aria-label": "Map of the basin" },
    });
    this.root = this.#canvas;
  }

  update(state: RenderState): void {
    if (state.seed !== this.#seed) this.#enter(basinOf(state.seed));
    const context = this.#canvas.getContext("2d");
    const frame = this.#frame;
    if (!context || !frame) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.drawImage(this.#islands, 0, 0);
    context.scale(frame.pixelRatio, frame.pixelRatio);
    context.fillStyle = "rgba(255,226,240,0.95)";
    for (const pearl of state.pearls) {
      const { x, y } = toMap(frame, pearl.xPx, pearl.yPx);
      context.fillRect(x - 1, y - 1, 2, 2);
    }
    for (const boat of state.boats) {
      if (!boat.afloat || boat.own) continue;
      const { x, y } = toMap(frame, boat.xPx, boat.yPx);
      dot(context, x, y, css(liveryOf(boat.seat).colour));
    }
    const own = state.boats.find((boat) => boat.own && boat.afloat);
    if (own) arrow(context, toMap(frame, own.xPx, own.yPx), own.heading);
  }

  #enter(basin: Basin): void {
    this.#seed = basin.seed;
    const frame = mapFrame(basin, WIDTH_PX, Math.min(SCALE_MAX, window.devicePixelRatio || 1));
    this.#frame = frame;
    for (const canvas of [this.#canvas, this.#islands]) {
      canvas.width = Math.round(frame.width * frame.pixelRatio);
      canvas.height = Math.round(frame.height * frame.pixelRatio);
    }
    const context = this.#islands.getContext("2d");
    if (!context) return;
    context.scale(frame.pixelRatio, frame.pixelRatio);
    for (const [grow, style] of [
      [5, "rgba(120,225,215,0.35)"],
      [1.4, "#ecd6a2"],
      [-1.2, "#6f9c4c"],
    ] as const) {
      context.fillStyle = style;
      for (const circle of basin.circles) {
        const { x, y } = toMap(frame, circle.xPx, circle.yPx);
        context.beginPath();
        context.arc(x, y, Math.max(0.5, circle.radiusPx * frame.scale + grow), 0, Math.PI * 2);
        context.fill();
      }
    }
  }
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, style: string): void {
  context.beginPath();
  context.arc(x, y, 3, 0, Math.PI * 2);
  context.fillStyle = style;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = "rgba(4,24,36,0.9)";
  context.stroke();
}

function arrow(context: CanvasRenderingContext2D, at: { x: number; y: number }, heading: number): void {
  context.save();
  context.translate(at.x, at.y);
  context.rotate(heading);
  context.beginPath();
  context.moveTo(7, 0);
  context.lineTo(-5, -4.6);
  context.lineTo(-2.6, 0);
  context.lineTo(-5, 4.6);
  context.closePath();
  context.fillStyle = "#fff";
  context.fill();
  context.lineWidth = 1.2;
  context.strokeStyle = "rgba(4,24,36,0.95)";
  context.stroke();
  context.restore();
}
