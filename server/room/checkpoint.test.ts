import { describe, expect, it } from "vitest";
import { createWorld, hashWorld } from "../../game/sim/index.ts";
import { CARRIED_PARTS, loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { NOT_CARRIED, type Room } from "./room.ts";
import { Ear, inputFrame, makeRoom, player, seated, steps } from "./room-for-tests.ts";
import { createRoomState } from "./room-state.ts";

function drive(room: Room, fromNumber: number, count: number): (number | string)[] {
  const hashes: (number | string)[] = [];
  for (let number = fromNumber; number < fromNumber + count; number++) {
    const controls = { throttle: 7, rudder: (number % 15) - 7, aim: (number * 3) % 256, fire: number % 3 === 0 };
    room.input(player("ann"), inputFrame(number, room.tick + 4, controls));
    steps(room, 1);
    hashes.push(hashWorld(room.state.world));
  }
  return hashes;
}

describe("a checkpoint", () => {
  it("continues exactly: same inputs, same worlds, same frames", async () => {
    const original = makeRoom().room;
    await seated(original, "ann");
    await seated(original, "ben");
    drive(original, 1, 150);
    original.away(player("ben"), "ben-1");
    const copy = makeRoom(loadCheckpoint(original.checkpoint())).room;
    const ears = [new Ear(), new Ear()] as const;
    original.listen(ears[0]);
    copy.listen(ears[1]);
    expect(drive(copy, 151, 700)).toEqual(drive(original, 151, 700));
    expect(copy.state).toEqual(original.state);
    expect(copy.players).toBe(1);
    expect(ears[1].frames.map((frame) => frame.delta)).toEqual(ears[0].frames.map((frame) => frame.delta));
    expect(ears[1].reports).toEqual(ears[0].reports);
  });

  it("carries every part of a room's state", () => {
    const state = createRoomState(createWorld(7));
    expect([...CARRIED_PARTS].sort()).toEqual(Object.keys(state).sort());
    expect(loadCheckpoint(saveCheckpoint(state))).toEqual(state);
  });

  it("leaves out no field of a room without saying why", () => {
    const fields = Object.keys(makeRoom().room).filter((field) => field !== "state");
    expect(fields.sort()).toEqual(Object.keys(NOT_CARRIED).sort());
  });

  it.each([
    ["not JSON", "{"],
    ["another version", JSON.stringify({ version: 99, parts: {} })],
    ["no parts", JSON.stringify({ version: 1 })],
    ["a missing part", JSON.stringify({ version: 1, parts: { seats: [] } })],
    ["a world without boats", broken((parts) => delete (parts.world as Record<string, unknown>).boats)],
    ["a seat without a queue", broken((parts) => (parts.seats as unknown[]).splice(0, 1, { player: "x" }))],
    ["too few seats", broken((parts) => (parts.seats as unknown[]).pop())],
    ["a version that is no number", broken((parts) => Object.assign(parts, { rosterVersion: "1" }))],
    ["nothing at all", ""],
  ])("with %s is refused", (_what, text) => {
    expect(() => loadCheckpoint(new TextEncoder().encode(text))).toThrow(/checkpoint/);
  });
});

function broken(breakIt: (parts: Record<string, unknown>) => void): string {
  const saved = JSON.parse(new TextDecoder().decode(saveCheckpoint(createRoomState(createWorld(7)))));
  breakIt(saved.parts);
  return JSON.stringify(saved);
}
