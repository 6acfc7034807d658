// Who takes over what a leaving server has. Pure: the registry and the state of the targets come in.

import type { WatersKind } from "../../game/sim/index.ts";
import type { ServerRecord } from "../cluster/cluster.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";

export interface RoomToMove {
  code: RoomCode;
  waters: WatersKind;
  /** People, each of whom counts the same: in an arena one costs about as much as in a basin (docs/benchmarks.md). */
  players: number;
}

/** Whether the server would know what to do with the room. */
export function canInherit({ arenas }: ServerRecord, { waters }: RoomToMove): boolean {
  return waters === "basin" || arenas;
}

/**
 * Servers that stay: ready, not about to be cut off, and of the newest generation of those. `draining` holds their addresses. Each server that
 * leaves begins with another one of them, so that not all give to the same one before the registry shows it.
 */
export function heirsOf(
  servers: readonly ServerRecord[],
  self: ServerId,
  draining: ReadonlySet<string>,
): ServerRecord[] {
  const staying = servers.filter(
    ({ id, state, address }) => id !== self && state === "ready" && !draining.has(address),
  );
  const newest = Math.max(...staying.map(({ generation }) => generation));
  const heirs = staying.filter(({ generation }) => generation === newest).toSorted(byId);
  const rank = servers.toSorted(byId).findIndex(({ id }) => id === self);
  const first = heirs.length === 0 ? 0 : Math.max(0, rank) % heirs.length;
  return [...heirs.slice(first), ...heirs.slice(0, first)];
}

/** The biggest room first: the small ones even out what it leaves uneven. */
export function biggestFirst(rooms: readonly RoomToMove[]): RoomToMove[] {
  return rooms.toSorted((a, b) => b.players - a.players || (a.code < b.code ? -1 : 1));
}

/** The heir with the fewest people, counting those given to it that it may not have told yet; of equals the first. `refused` ones come last. */
export function leastLoaded(
  heirs: readonly ServerRecord[],
  given: ReadonlyMap<ServerId, number>,
  refused: ReadonlySet<ServerId>,
): ServerRecord | undefined {
  const load = ({ id, players }: ServerRecord) => players + (given.get(id) ?? 0);
  const order = (a: ServerRecord, b: ServerRecord) =>
    Number(refused.has(a.id)) - Number(refused.has(b.id)) || load(a) - load(b);
  return heirs.toSorted(order)[0];
}

function byId(a: ServerRecord, b: ServerRecord): number {
  return a.id < b.id ? -1 : 1;
}
