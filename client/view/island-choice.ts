// Which islands have a picture at this moment. Pure. A basin's few all get theirs in time; of an arena's many only those near the view.

import { outsidePx, type WorldRect } from "./world-rect.ts";

/** Islands that have a picture at the same time; each is about a megabyte of texture. */
export const ISLANDS_PAINTED_MAX = 12;
/** An island this far from the view is worth painting ahead, pixels. */
export const AHEAD_PX = 800;
/** An island gives way to one that is this much nearer to the view, pixels: no less, or two would take turns. */
const NEARER_PX = 250;

/** A disc with all of the island in it. */
export interface IslandPlace {
  xPx: number;
  yPx: number;
  reachPx: number;
}

export interface Choice<Island> {
  /** To be painted next. */
  paint?: Island;
  /** It can be seen already, or nearly so. */
  isSeen: boolean;
  /** Has to give way for it. */
  drop?: Island;
}

/** What to do next, if anything. `painted` and `unpainted` are all islands of the basin. */
export function chooseIsland<Island extends IslandPlace>(
  painted: readonly Island[],
  unpainted: readonly Island[],
  view: WorldRect,
): Choice<Island> {
  const gapPx = (island: Island) => outsidePx(view, island.xPx, island.yPx) - island.reachPx;
  const nearest = extreme(unpainted, (island) => -gapPx(island));
  if (!nearest || gapPx(nearest) > AHEAD_PX) return { isSeen: false };
  const isSeen = gapPx(nearest) <= 0;
  if (painted.length < ISLANDS_PAINTED_MAX) return { paint: nearest, isSeen };
  const farthest = extreme(painted, gapPx);
  if (!farthest || gapPx(farthest) < gapPx(nearest) + NEARER_PX) return { isSeen: false };
  return { paint: nearest, isSeen, drop: farthest };
}

function extreme<Thing>(things: readonly Thing[], measure: (thing: Thing) => number): Thing | undefined {
  let best: Thing | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const thing of things) {
    const much = measure(thing);
    if (much <= most) continue;
    best = thing;
    most = much;
  }
  return best;
}
