// The waters as the view needs them, be it a basin or an arena: islands in pixels, grouped into organic shapes, and the distance of any point to the shore.

import { currentAt, terrainOf, UNITS_PER_PX, type WatersKind } from "../../game/sim/index.ts";

export interface Circle {
  xPx: number;
  yPx: number;
  radiusPx: number;
}

export interface Basin {
  seed: number;
  waters: WatersKind;
  widthPx: number;
  heightPx: number;
  circles: Circle[];
  /** The same circles, one list for each island. */
  islands: Circle[][];
  /** Where the water drifts to, units a tick. */
  currentAt(xPx: number, yPx: number): { x: number; y: number };
  /** About the fastest that it drifts anywhere, at least 1. */
  fastestCurrent: number;
}

/** The current is looked at in so many places along each side to know the fastest: it is smooth. */
const CURRENT_PROBES = 40;

export function basinOf(seed: number, waters: WatersKind = "basin"): Basin {
  const terrain = terrainOf(seed, waters);
  const { widthPx, heightPx } = terrain.waters;
  const islands = terrain.islands.map((island) => island.circles.map(circleOf));
  const drift = (xPx: number, yPx: number) =>
    currentAt(terrain, Math.round(xPx * UNITS_PER_PX), Math.round(yPx * UNITS_PER_PX));
  return {
    seed,
    waters,
    widthPx,
    heightPx,
    circles: islands.flat(),
    islands,
    currentAt: drift,
    fastestCurrent: fastest(drift, widthPx, heightPx),
  };
}

function fastest(drift: Basin["currentAt"], widthPx: number, heightPx: number): number {
  let found = 1;
  for (let row = 0; row <= CURRENT_PROBES; row++) {
    for (let column = 0; column <= CURRENT_PROBES; column++) {
      const current = drift((column / CURRENT_PROBES) * widthPx, (row / CURRENT_PROBES) * heightPx);
      found = Math.max(found, Math.hypot(current.x, current.y));
    }
  }
  return found;
}

function circleOf(circle: { x: number; y: number; radius: number }): Circle {
  return { xPx: circle.x / UNITS_PER_PX, yPx: circle.y / UNITS_PER_PX, radiusPx: circle.radius / UNITS_PER_PX };
}

/** How softly two circles flow into each other, pixels. */
const BLEND_PX = 26;

/** Signed distance to the shore of these circles: positive over water, negative inland. Far away it is only a bound. */
export function shoreDistancePx(circles: readonly Circle[], xPx: number, yPx: number): number {
  let distance = 1e6;
  for (const circle of circles) {
    const dx = xPx - circle.xPx;
    const dy = yPx - circle.yPx;
    // Not Math.hypot: this runs a million times when a basin is painted, and hypot is many times slower.
    const next = Math.sqrt(dx * dx + dy * dy) - circle.radiusPx;
    distance = smoothMin(distance, next);
  }
  return distance;
}

function smoothMin(a: number, b: number): number {
  const h = Math.max(BLEND_PX - Math.abs(a - b), 0) / BLEND_PX;
  return Math.min(a, b) - h * h * BLEND_PX * 0.25;
}
