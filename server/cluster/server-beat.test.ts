import { expect, it } from "vitest";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import { readBeat } from "./server-beat.ts";
import type { ServerBeat } from "./store.ts";

const beat: ServerBeat = {
  ...{ id: "s1" as ServerId, version: "v2", generation: 2, state: "ready", address: "127.0.0.1:4000" },
  ...{ players: 3, sockets: 4, rooms: 1, openRooms: [{ code: "KQXR" as RoomCode, players: 3, freeSeats: 29 }] },
  ...{ revision: 7, phase: "players", arrived: 5 },
  ...{ arenas: true, openArenas: [{ code: "ARNA" as RoomCode, players: 70, freeSeats: 430 }] },
};

it("reads back what a server of this version says of itself, and leaves out what it does not know", () => {
  expect(readBeat(beat)).toEqual(beat);
  expect(readBeat({ ...beat, mood: "calm", openRooms: [{ ...beat.openRooms[0], lit: true }] })).toEqual(beat);
});

it("has a default for all that a server does not say, and takes an unknown state for one that is leaving", () => {
  expect(readBeat({ id: "s1", state: "resting", openRooms: [null, 7, { code: 1 }, { code: "KQXR" }] })).toEqual({
    ...{ id: "s1", version: "", generation: 0, state: "draining", address: "", players: 0, sockets: 0, rooms: 0 },
    ...{ revision: 0, phase: "", arrived: 0 },
    ...{ openRooms: [{ code: "KQXR", players: 0, freeSeats: 0 }], arenas: false, openArenas: [] },
  });
});

it.each([[undefined], [null], [7], ["s1"], [[]], [{ version: "v1" }]])("is nobody's word: %j", (said) => {
  expect(readBeat(said)).toBeUndefined();
});
