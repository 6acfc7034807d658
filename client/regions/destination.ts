// Where a game is to be: what a code or a link names, else the region that is played in now; or why it can be nowhere.

import type { Region } from "./region-list.ts";
import type { Regions } from "./regions.ts";
import type { RoomAddress } from "./room-address.ts";

export interface Destination {
  /** Undefined for quick play. */
  room: string | undefined;
  /** Undefined for the page's own origin. */
  region: Region | undefined;
}

/** Answers with a sentence for the player when the region is none that there is. A region that is lost is gone to all the same: it may come back. */
export function destinationOf(
  address: RoomAddress | undefined,
  regions: Pick<Regions, "all" | "current" | "regionOf">,
): Destination | { refusal: string } {
  if (address === undefined) return { room: undefined, region: regions.current };
  const region = regions.regionOf(address);
  if (region === undefined && address.region !== undefined)
    return { refusal: unknownRegion(address.region, regions.all) };
  return { room: address.room, region };
}

function unknownRegion(id: string, all: readonly Region[]): string {
  if (all.length === 0) return "There are no regions here; a room code is its letters alone.";
  const names = all.map((region) => `${region.id} (${region.name})`).join(", ");
  return `There is no region “${id}”. There are ${names}.`;
}
