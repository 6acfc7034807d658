// What another server says of itself in the registry, read as far as it can be understood: it may be of the version before or after this one.

import type { RoomCode, ServerId } from "../room/room-port.ts";
import type { ServerState } from "./cluster.ts";
import type { OpenRoom, ServerBeat } from "./store.ts";

const STATES: readonly string[] = ["starting", "ready", "draining"] satisfies ServerState[];

/** `undefined` if it does not even say who it is. */
export function readBeat(said: unknown): ServerBeat | undefined {
  if (typeof said !== "object" || said === null) return undefined;
  const beat = said as Record<string, unknown>;
  const { id, version, generation, revision, state, phase, address } = beat;
  const { players, sockets, rooms, arrived, arenas, openRooms, openArenas } = beat;
  if (typeof id !== "string") return undefined;
  return {
    id: id as ServerId,
    version: text(version),
    generation: count(generation),
    revision: count(revision),
    // A state that only a newer version knows is not one to send anybody to.
    state: STATES.includes(text(state)) ? (state as ServerState) : "draining",
    phase: text(phase),
    address: text(address),
    players: count(players),
    sockets: count(sockets),
    rooms: count(rooms),
    arrived: count(arrived),
    arenas: arenas === true,
    openRooms: Array.isArray(openRooms) ? openRooms.flatMap(openRoom) : [],
    openArenas: Array.isArray(openArenas) ? openArenas.flatMap(openRoom) : [],
  };
}

function openRoom(said: unknown): OpenRoom[] {
  const { code, players, freeSeats } = (said ?? {}) as Record<string, unknown>;
  return typeof code === "string"
    ? [{ code: code as RoomCode, players: count(players), freeSeats: count(freeSeats) }]
    : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
