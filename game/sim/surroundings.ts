// What is where in a world, for bots to look around. Made once for all bots of a tick, before anything moves.

import { UNITS_PER_PX } from "./constants.ts";
import { gridOf, type PlaceGrid } from "./place-grid.ts";
import { Rivals } from "./rivals.ts";
import { watersOf } from "./waters.ts";
import type { World } from "./world.ts";

/** How far a bot sees an enemy, units. */
export const SIGHT = 620 * UNITS_PER_PX;
/** Boats that may be nearer to an enemy than oneself; beyond that one looks for another, so that nobody is hunted by all. */
export const RIVALS_MAX = 1;

export interface Surroundings {
  readonly boats: PlaceGrid;
  readonly pearls: PlaceGrid;
  readonly rivals: Rivals;
}

export function surroundingsOf(world: World): Surroundings {
  const waters = watersOf(world.waters);
  const boats = gridOf(waters, world.boats);
  const rivals = new Rivals(world, boats, SIGHT + 1, RIVALS_MAX + 1);
  return { boats, pearls: gridOf(waters, world.pearls), rivals };
}
