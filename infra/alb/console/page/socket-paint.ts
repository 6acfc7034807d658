// What is painted over the chart of WebSockets: the names of the bands, and lines where targets began to drain, failed or went.

import type uPlot from "uplot";
import type { TargetSeries } from "../state.ts";
import type { Mark } from "./marks.ts";
import { colour } from "./plot.ts";

const FONT_PX = 11;
/** A band that is lower than this has no room for its name. */
const LEAST_NAMED_PX = 15;
/** Marks that are close to each other stand below each other. */
const MARK_ROWS = 3;

/** `bands` from the ground up; `lookOf` tells their colours. */
export function paintNames(plot: uPlot, bands: readonly TargetSeries[], lookOf: (key: string) => number): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${FONT_PX * ratio}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  let ground = 0;
  for (const { target, key, values } of bands) {
    const top = ground + (values.at(-1) ?? 0);
    const middlePx = plot.valToPos((ground + top) / 2, "y", true);
    const heightPx = plot.valToPos(ground, "y", true) - plot.valToPos(top, "y", true);
    ground = top;
    if (heightPx < LEAST_NAMED_PX * ratio) continue;
    ctx.fillStyle = colour(`--on-series-${lookOf(key)}`);
    ctx.fillText(target.slice(target.lastIndexOf(":")), bbox.left + bbox.width - 7 * ratio, middlePx);
  }
  ctx.restore();
}

export function paintMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${FONT_PX * ratio}px system-ui, sans-serif`;
  ctx.strokeStyle = colour("--ink");
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  for (const { second } of marks) paintLine(plot, second);
  // Words lie on top of all lines.
  for (const [index, { second, text }] of marks.entries()) paintWord(plot, second, text, index % MARK_ROWS);
  ctx.restore();
}

function paintLine(plot: uPlot, second: number): void {
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(second, "x", true));
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}

/** Right of its line, or left of it where the chart ends. */
function paintWord(plot: uPlot, second: number, text: string, row: number): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const x = Math.round(plot.valToPos(second, "x", true));
  const width = ctx.measureText(text).width;
  const fits = x + width + 8 * ratio < bbox.left + bbox.width;
  const left = fits ? x + 5 * ratio : x - 5 * ratio - width;
  const top = bbox.top + (row * (FONT_PX + 5) + 1) * ratio;
  ctx.fillStyle = colour("--card");
  ctx.fillRect(left - 3 * ratio, top - 2 * ratio, width + 6 * ratio, (FONT_PX + 4) * ratio);
  ctx.fillStyle = colour("--ink");
  ctx.fillText(text, left, top);
}
