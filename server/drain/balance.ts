// What a server has too much of, as it can tell from the registry alone. Pure. Each server decides for itself; that all of them read the same
// registry a little apart is why the biggest acts first, and why small differences are left alone.

import type { ServerRecord } from "../cluster/cluster.ts";
import type { ServerId } from "../room/room-port.ts";
import { canInherit, type RoomToMove } from "./heirs.ts";

/** So much above the mean is left alone: players come and go. The limit that we hold is 1.5. */
const SOCKETS_SLACK = 1.2;
const SOCKETS_SLACK_MIN = 2;
/** A room moves if the fuller of the two servers then has at least so many people less. */
const ROOM_GAIN_MIN_PLAYERS = 2;
const ROOM_GAIN_MIN_SHARE = 0.1;

/** True while servers are all ready and of one generation: not during a deploy, nor while one comes or goes. */
export function isSettled(servers: readonly ServerRecord[]): boolean {
  const generation = servers[0]?.generation;
  return servers.length > 1 && servers.every((server) => server.state === "ready" && server.generation === generation);
}

/** Players whose sockets should go elsewhere: down to the mean, once there are clearly more than that. */
export function excessSockets(servers: readonly ServerRecord[], self: ServerId): number {
  const own = servers.find(({ id }) => id === self)?.sockets ?? 0;
  const mean = servers.reduce((sum, { sockets }) => sum + sockets, 0) / servers.length;
  const limit = Math.max(mean * SOCKETS_SLACK, mean + SOCKETS_SLACK_MIN);
  return own > limit ? Math.floor(own - mean) : 0;
}

/**
 * A room to hand over and to whom, if this server has the most people and that makes the most less. An arena that is most of what there is
 * stays where it is: wherever it went would be as full.
 */
export function roomToGive(
  servers: readonly ServerRecord[],
  self: ServerId,
  rooms: readonly RoomToMove[],
): { room: RoomToMove; heir: ServerId } | undefined {
  const [fullest] = servers.toSorted((a, b) => b.players - a.players || (a.id < b.id ? -1 : 1));
  const [emptiest] = servers.toSorted((a, b) => a.players - b.players || (a.id < b.id ? -1 : 1));
  if (fullest?.id !== self || !emptiest) return undefined;
  const after = ({ players }: RoomToMove) => Math.max(fullest.players - players, emptiest.players + players);
  const able = rooms.filter((room) => canInherit(emptiest, room));
  const [room] = able.toSorted((a, b) => after(a) - after(b) || (a.code < b.code ? -1 : 1));
  const gain = room ? fullest.players - after(room) : 0;
  const least = Math.max(ROOM_GAIN_MIN_PLAYERS, fullest.players * ROOM_GAIN_MIN_SHARE);
  return room && gain >= least ? { room, heir: emptiest.id } : undefined;
}
