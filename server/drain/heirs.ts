// Who takes over what a leaving server has. Pure: the registry and the state of the targets come in.

import type { ServerRecord } from "../cluster/cluster.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";

export interface RoomToMove {
  code: RoomCode;
  players: number;
}

/** Servers that stay: ready, not about to be cut off, and of the newest generation of those. `draining` holds their addresses. */
export function heirsOf(
  servers: readonly ServerRecord[],
  self: ServerId,
  draining: ReadonlySet<string>,
): ServerRecord[] {
  const staying = servers.filter(
    ({ id, state, address }) => id !== self && state === "ready" && !draining.has(address),
  );
  const newest = Math.max(...staying.map(({ generation }) => generation));
  return staying.filter(({ generation }) => generation === newest);
}

/** The biggest room first: the small ones even out what it leaves uneven. */
export function biggestFirst(rooms: readonly RoomToMove[]): RoomToMove[] {
  return rooms.toSorted((a, b) => b.players - a.players || (a.code < b.code ? -1 : 1));
}

/** The heir with the fewest people, counting those that were given to it since it was last heard; `refused` heirs come last. */
export function leastLoaded(
  heirs: readonly ServerRecord[],
  given: ReadonlyMap<ServerId, number>,
  refused: ReadonlySet<ServerId>,
): ServerRecord | undefined {
  const load = ({ id, players }: ServerRecord) => players + (given.get(id) ?? 0);
  const order = (a: ServerRecord, b: ServerRecord) =>
    Number(refused.has(a.id)) - Number(refused.has(b.id)) || load(a) - load(b) || (a.id < b.id ? -1 : 1);
  return heirs.toSorted(order)[0];
}
