// Which room a player is put into: the named one, the one that their boat is waiting in, or quick play.

import type { JoinRequest } from "../../game/protocol/index.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PlayerId, RoomCode, RoomPort } from "../room/room-port.ts";
import { Refused } from "./refused.ts";

/** Throws Refused, or whatever the cluster rejects with. */
export async function chooseRoom(cluster: Cluster, request: JoinRequest, player: PlayerId): Promise<RoomPort> {
  if (request.room !== undefined) {
    const named = await cluster.find(request.room as RoomCode);
    if (!named) throw new Refused("unknown-room");
    return named;
  }
  if (request.prefer === "remote") return (await cluster.quickPlayRemote()) ?? cluster.quickPlay();
  if (request.prefer === "local") return cluster.quickPlay();
  return (await lastRoom(cluster, player)) ?? cluster.quickPlay();
}

async function lastRoom(cluster: Cluster, player: PlayerId): Promise<RoomPort | undefined> {
  try {
    const code = await cluster.lastRoomOf(player);
    return code && (await cluster.find(code));
  } catch {
    // Quick play works without the cluster's memory; the boat that may wait elsewhere is lost, the game is not.
    return undefined;
  }
}
