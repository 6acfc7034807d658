// Who leads: the order that leaderboard and podium share. Pure.

import type { RenderBoat } from "../netcode/render-state.ts";

export interface Standing {
  place: number;
  boat: RenderBoat;
}

/** Best first; equal scores by sinkings, then by seat so that rows do not dance. Equal score and sinkings share a place. */
export function standingsOf(boats: readonly RenderBoat[]): Standing[] {
  const ordered = [...boats].sort((a, b) => b.score - a.score || b.sinkings - a.sinkings || a.seat - b.seat);
  const standings: Standing[] = [];
  for (const [index, boat] of ordered.entries()) {
    const before = standings[index - 1];
    const level = before && before.boat.score === boat.score && before.boat.sinkings === boat.sinkings;
    standings.push({ place: level ? before.place : index + 1, boat });
  }
  return standings;
}

/** The leaders, and the own boat when it is not among them. */
export function shortList(standings: readonly Standing[], count: number): Standing[] {
  const top = standings.slice(0, count);
  if (top.some(({ boat }) => boat.own)) return top;
  const own = standings.find(({ boat }) => boat.own);
  return own ? [...top.slice(0, count - 1), own] : top;
}
