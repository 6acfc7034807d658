// What is where in a world, for bots to look around. Made once for all bots of a tick, before anything moves.

import { gridOf, type PlaceGrid } from "./place-grid.ts";
import { watersOf } from "./waters.ts";
import type { World } from "./world.ts";

export interface Surroundings {
  readonly boats: PlaceGrid;
  readonly pearls: PlaceGrid;
}

export function surroundingsOf(world: World): Surroundings {
  const waters = watersOf(world.waters);
  return { boats: gridOf(waters, world.boats), pearls: gridOf(waters, world.pearls) };
}
