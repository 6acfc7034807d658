// Which room a player is put into: the named one, the one that their boat is waiting in, or quick play: a basin here, or a small one elsewhere
// while nobody plays here; the fullest arena that there is.

import type { JoinRequest } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import type { Clock } from "../clock.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PlayerId, RoomCode, RoomPort } from "../room/room-port.ts";
import { Refused } from "./refused.ts";

/** How long a player waits for the room that has their boat while nobody can say where it is, milliseconds: a takeover fits in. */
export const RETURN_PATIENCE_MS = 2_500;
const RETURN_RETRY_MS = 150;

/** Throws Refused, or whatever the cluster rejects with. */
export async function chooseRoom(
  { cluster, clock }: { cluster: Cluster; clock: Clock },
  request: JoinRequest,
  player: PlayerId,
): Promise<RoomPort> {
  if (request.room !== undefined) {
    const named = await cluster.find(request.room as RoomCode);
    if (!named) throw new Refused("unknown-room");
    return named;
  }
  if (request.waters)
    return (await lastRoom(cluster, clock, player, request.waters)) ?? cluster.quickPlay(request.waters);
  if (request.prefer === "remote") return (await cluster.quickPlayRemote()) ?? cluster.quickPlay();
  if (request.prefer === "local") return cluster.quickPlay();
  return (await lastRoom(cluster, clock, player, "basin")) ?? (await cluster.company()) ?? cluster.quickPlay();
}

/**
 * The room that the player was in, if it has such waters. Quick play works without the cluster's memory: then a boat that may wait elsewhere is
 * lost, the game is not.
 */
async function lastRoom(
  cluster: Cluster,
  clock: Clock,
  player: PlayerId,
  waters: WatersKind,
): Promise<RoomPort | undefined> {
  const code = await cluster.lastRoomOf(player).catch(() => undefined);
  if (code === undefined) return undefined;
  const giveUpAtMs = clock.now() + RETURN_PATIENCE_MS;
  for (;;) {
    try {
      const room = await cluster.find(code);
      return room?.waters === waters ? room : undefined;
    } catch {
      // The room has no owner at the moment, or Redis is away: either may be over soon.
      if (clock.now() >= giveUpAtMs) return undefined;
      await new Promise<void>((resolve) => clock.after(RETURN_RETRY_MS, resolve));
    }
  }
}
