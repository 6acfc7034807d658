// What the map shows besides land. In a basin every boat has its colour; in an arena only those that are near: the others are specks, the
// leader's is gold, and a frame says what the camera sees.

import type { RenderBoat, RenderState } from "../netcode/render-state.ts";
import { css, GOLD, liveryOf } from "../view/palette.ts";
import type { WorldRect } from "../view/world-rect.ts";
import { type MapFrame, toMap } from "./minimap-frame.ts";

const OUTLINE = "rgba(4,24,36,0.9)";
const PEARL_PX = 2;
const SPECK_PX = 1.6;

/** Radius of a boat's dot, and size of the own arrow, in each kind of waters, CSS pixels. */
const SIZES = { basin: { dotPx: 3, arrow: 1 }, arena: { dotPx: 2, arrow: 0.8 } };

export function drawMarks(
  context: CanvasRenderingContext2D,
  frame: MapFrame,
  state: RenderState,
  seen: WorldRect | undefined,
): void {
  const { dotPx, arrow } = SIZES[state.waters];
  if (state.waters === "basin") drawPearls(context, frame, state);
  else drawSpecks(context, frame, state);
  for (const boat of state.boats) {
    if (boat.afloat && !boat.own) dot(context, frame, boat, dotPx, css(liveryOf(boat.seat).colour));
  }
  if (state.waters === "arena") {
    const leader = leaderOf(state);
    if (leader && !leader.own) dot(context, frame, leader, dotPx + 1, css(GOLD));
    if (seen) drawSeen(context, frame, seen);
  }
  const own = state.boats.find((boat) => boat.own && boat.afloat);
  if (own) drawArrow(context, frame, own, arrow);
}

/** Whoever has most points, if anybody has any. */
function leaderOf({ sightings }: RenderState): RenderState["sightings"][number] | undefined {
  const best = sightings.reduce((a, b) => (b.score > a.score ? b : a), sightings[0]!);
  return best && best.score > 0 ? best : undefined;
}

function drawPearls(context: CanvasRenderingContext2D, frame: MapFrame, { pearls }: RenderState): void {
  context.fillStyle = "rgba(255,226,240,0.95)";
  for (const pearl of pearls) speck(context, frame, pearl, PEARL_PX);
}

function drawSpecks(context: CanvasRenderingContext2D, frame: MapFrame, { boats, sightings }: RenderState): void {
  const near = new Set(boats.map(({ seat }) => seat));
  context.fillStyle = "rgba(224,246,255,0.72)";
  for (const sighting of sightings) {
    if (sighting.afloat && !near.has(sighting.seat)) speck(context, frame, sighting, SPECK_PX);
  }
}

interface Place {
  xPx: number;
  yPx: number;
}

function speck(context: CanvasRenderingContext2D, frame: MapFrame, { xPx, yPx }: Place, sizePx: number): void {
  const { x, y } = toMap(frame, xPx, yPx);
  context.fillRect(x - sizePx / 2, y - sizePx / 2, sizePx, sizePx);
}

function dot(
  context: CanvasRenderingContext2D,
  frame: MapFrame,
  { xPx, yPx }: Place,
  radius: number,
  style: string,
): void {
  const { x, y } = toMap(frame, xPx, yPx);
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fillStyle = style;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = OUTLINE;
  context.stroke();
}

function drawSeen(context: CanvasRenderingContext2D, frame: MapFrame, seen: WorldRect): void {
  const from = toMap(frame, seen.xPx, seen.yPx);
  const to = toMap(frame, seen.xPx + seen.widthPx, seen.yPx + seen.heightPx);
  context.lineWidth = 1;
  context.strokeStyle = "rgba(255,255,255,0.85)";
  context.strokeRect(from.x, from.y, to.x - from.x, to.y - from.y);
}

function drawArrow(context: CanvasRenderingContext2D, frame: MapFrame, own: RenderBoat, size: number): void {
  const { x, y } = toMap(frame, own.xPx, own.yPx);
  context.save();
  context.translate(x, y);
  context.rotate(own.heading);
  context.scale(size, size);
  context.beginPath();
  context.moveTo(7, 0);
  context.lineTo(-5, -4.6);
  context.lineTo(-2.6, 0);
  context.lineTo(-5, 4.6);
  context.closePath();
  context.fillStyle = "#fff";
  context.fill();
  context.lineWidth = 1.2;
  context.strokeStyle = OUTLINE;
  context.stroke();
  context.restore();
}
