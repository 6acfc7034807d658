// Records of the registry for tests.

import type { WatersKind } from "../../game/sim/index.ts";
import type { ServerRecord } from "../cluster/cluster.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import type { RoomToMove } from "./heirs.ts";

export function server(id: string, facts: Partial<ServerRecord> = {}): ServerRecord {
  const load = { players: 0, sockets: 0, rooms: 0, arenas: true };
  const progress = { revision: 0, phase: "serving", arrived: 0 };
  return {
    ...{ id: id as ServerId, version: "v1", generation: 1, state: "ready", address: `${id}:1`, ...load, ...progress },
    ...facts,
  };
}

export function room(code: string, players: number, waters: WatersKind = "basin"): RoomToMove {
  return { code: code as RoomCode, waters, players };
}
