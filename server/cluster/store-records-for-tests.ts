// What the contracts of the stores write and expect to read: a room, a player, a server, a score.

import type { PlayerId, RoomCode, ServerId } from "../room/room-port.ts";
import type { HallRecord, RoomClaim, ServerBeat } from "./store.ts";

export const code = "ABCD" as RoomCode;
export const player = "p1" as PlayerId;
export const bytes = Uint8Array.of(0, 255, 10, 13, 128);

export function claimOf(owner: string, epoch = 1, birth = "birth-1"): RoomClaim {
  return { code, epoch, birth, owner: { id: owner, version: "v1" }, waters: "basin" };
}

export function beatOf(id: string): ServerBeat {
  const open = { openRooms: [{ code, players: 2, freeSeats: 30 }], openArenas: [{ code, players: 9, freeSeats: 491 }] };
  const load = { address: "", players: 2, sockets: 0, rooms: 1, arenas: true, ...open };
  const progress = { revision: 0, phase: "serving", arrived: 0 };
  return { id: id as ServerId, version: "v1", generation: 1, state: "ready", ...load, ...progress };
}

export function scoreOf(id: string, score: number): HallRecord {
  return { player: id as PlayerId, name: `Name of ${id}`, score, at: "2026-11-22T00:00:00.000Z" };
}
