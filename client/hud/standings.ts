// Who leads: the order that leaderboard and podium share. Pure.

import type { RenderBoat, RenderState } from "../netcode/render-state.ts";

/** What is known of everybody, near or far. */
export type Entrant = Pick<RenderBoat, "seat" | "name" | "own" | "score"> &
  Partial<Pick<RenderBoat, "pearls" | "sinkings">>;

export interface Standing {
  place: number;
  boat: Entrant;
}

/** Everybody in the room. Of an arena's boats only the score is known everywhere; of those that are near it is newer. */
export function entrantsOf({ waters, boats, sightings }: RenderState): Entrant[] {
  if (waters === "basin") return boats;
  const near = new Map(boats.map((boat) => [boat.seat, boat.score]));
  return sightings.map(({ seat, name, own, score }) => ({ seat, name, own, score: near.get(seat) ?? score }));
}

/** Best first; equal scores by sinkings, then by seat so that rows do not dance. Equal score and sinkings share a place. */
export function standingsOf(boats: readonly Entrant[]): Standing[] {
  const sinkingsOf = (boat: Entrant) => boat.sinkings ?? 0;
  const ordered = [...boats].sort((a, b) => b.score - a.score || sinkingsOf(b) - sinkingsOf(a) || a.seat - b.seat);
  const standings: Standing[] = [];
  for (const [index, boat] of ordered.entries()) {
    const before = standings[index - 1];
    const level = before && before.boat.score === boat.score && sinkingsOf(before.boat) === sinkingsOf(boat);
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
