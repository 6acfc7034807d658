// The waters in small: islands once, what moves ten times a second.

import type { WatersKind } from "../../game/sim/index.ts";
import type { RenderState } from "../netcode/render-state.ts";
import { type Basin, basinOf } from "../view/basin.ts";
import type { WorldRect } from "../view/world-rect.ts";
import { element } from "./element.ts";
import { type MapFrame, mapFrame, toMap } from "./minimap-frame.ts";
import { drawMarks } from "./minimap-marks.ts";

/** CSS pixels; narrow screens show it smaller. */
const WIDTH_PX: Record<WatersKind, number> = { basin: 176, arena: 224 };
const LABEL: Record<WatersKind, string> = { basin: "Map of the basin", arena: "Map of the arena" };
const SCALE_MAX = 2;
/** Lagoon, beach and grass: how much further than the shore each of them goes, pixels of the world. Small islands are calm: they are many. */
const SHORES: Record<WatersKind, readonly (readonly [growPx: number, style: string])[]> = {
  basin: [
    [91, "rgba(120,225,215,0.35)"],
    [25, "#ecd6a2"],
    [-22, "#6f9c4c"],
  ],
  arena: [
    [80, "rgba(110,205,205,0.2)"],
    [15, "rgba(122,158,110,0.95)"],
  ],
};

export class Minimap {
  readonly root: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #islands = document.createElement("canvas");
  #frame: MapFrame | undefined;
  #shown: Pick<RenderState, "seed" | "waters"> | undefined;

  constructor() {
    this.#canvas = element("canvas", { className: "minimap", attributes: { role: "img" } });
    this.root = this.#canvas;
  }

  /** `seen`: what the camera sees. */
  update(state: RenderState, seen: WorldRect | undefined): void {
    if (state.seed !== this.#shown?.seed || state.waters !== this.#shown.waters) this.#enter(state);
    const context = this.#canvas.getContext("2d");
    const frame = this.#frame;
    if (!context || !frame) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.drawImage(this.#islands, 0, 0);
    context.scale(frame.pixelRatio, frame.pixelRatio);
    drawMarks(context, frame, state, seen);
  }

  #enter({ seed, waters }: RenderState): void {
    this.#shown = { seed, waters };
    this.#canvas.setAttribute("aria-label", LABEL[waters]);
    this.#canvas.classList.toggle("wide", waters === "arena");
    const basin = basinOf(seed, waters);
    const frame = mapFrame(basin, WIDTH_PX[waters], Math.min(SCALE_MAX, window.devicePixelRatio || 1));
    this.#frame = frame;
    for (const canvas of [this.#canvas, this.#islands]) {
      canvas.width = Math.round(frame.width * frame.pixelRatio);
      canvas.height = Math.round(frame.height * frame.pixelRatio);
    }
    const context = this.#islands.getContext("2d");
    if (context) drawIslands(context, frame, basin);
  }
}

function drawIslands(context: CanvasRenderingContext2D, frame: MapFrame, { circles, waters }: Basin): void {
  context.scale(frame.pixelRatio, frame.pixelRatio);
  for (const [growPx, style] of SHORES[waters]) {
    context.fillStyle = style;
    for (const { xPx, yPx, radiusPx } of circles) {
      const { x, y } = toMap(frame, xPx, yPx);
      context.beginPath();
      context.arc(x, y, Math.max(0.5, (radiusPx + growPx) * frame.scale), 0, Math.PI * 2);
      context.fill();
    }
  }
}
