// Bots fill a small room, so that a lone visitor has a game at once, and leave one by one as people come. How they sail is the
// simulation's affair.

import { addBoat, removeBoat, type WatersKind } from "../../game/sim/index.ts";
import { countPeople, freeIndexOf, type RoomState } from "./room-state.ts";

/** Bots join until a basin has this many boats, unless the server is told otherwise. */
export const BOTS_FILL_TO_BOATS = 6;
/** The same in an arena, so that a lone visitor meets somebody in waters sixteen times as wide. */
export const ARENA_BOTS_FILL_TO_BOATS = 60;

export function botsFillToBoats(waters: WatersKind): number {
  return waters === "arena" ? ARENA_BOTS_FILL_TO_BOATS : BOTS_FILL_TO_BOATS;
}

const NAMES = [
  "Barnacle", "Bosun", "Brisket", "Calypso", "Driftwood", "Flotsam", "Gannet", "Halyard", "Jetsam", "Kelpie", "Limpet",
  "Mackerel", "Mizzen", "Nettle", "Osprey", "Periwinkle", "Petrel", "Quayle", "Rigging", "Scupper", "Tiller", "Urchin",
  "Whelk", "Windlass",
] as const; // biome-ignore format: a list of words

/** Adds or removes one bot where the room has too few or too many; true if it did. */
export function balanceBots(state: RoomState, fillToBoats: number): boolean {
  const people = countPeople(state);
  const bots = state.bots.reduce((count, name) => count + (name ? 1 : 0), 0);
  const wanted = people === 0 ? bots : Math.max(0, fillToBoats - people);
  if (bots < wanted) return addBot(state);
  if (bots > wanted) return removeBot(state);
  return false;
}

function addBot(state: RoomState): boolean {
  const index = freeIndexOf(state);
  if (index === -1) return false;
  const free = freeNames(state.bots);
  // The generator's state is read, not drawn from: the name differs from room to room and the world stays what it was.
  state.bots[index] = free[(state.world.random >>> 8) % free.length]!;
  addBoat(state.world, index, { bot: true });
  return true;
}

/** Those that no bot has; when all are taken, their seconds: "Kelpie 2", then "Kelpie 3". */
function freeNames(bots: readonly (string | null)[]): string[] {
  const taken = new Set(bots);
  for (let count = 1; ; count++) {
    const free = NAMES.map((name) => (count === 1 ? name : `${name} ${count}`)).filter((name) => !taken.has(name));
    if (free.length > 0) return free;
  }
}

/** The bot with the fewest points goes; false if there is none. */
export function removeBot(state: RoomState): boolean {
  let leaving = -1;
  for (let index = 0; index < state.bots.length; index++) {
    if (!state.bots[index]) continue;
    const points = state.world.boats[index]?.score ?? 0;
    if (leaving === -1 || points < (state.world.boats[leaving]?.score ?? 0)) leaving = index;
  }
  if (leaving === -1) return false;
  state.bots[leaving] = null;
  removeBoat(state.world, leaving);
  return true;
}
