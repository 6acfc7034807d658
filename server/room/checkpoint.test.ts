import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNTER_MAX, INPUT_QUEUE_MAX } from "../../game/protocol/index.ts";
import { addBoat, createWorld, hashWorld, neutralControls, step } from "../../game/sim/index.ts";
import { deflate } from "../deflate.ts";
import {
  ARENA_CHECKPOINT_MAX_BYTES,
  CARRIED_PARTS,
  CHECKPOINT_VERSION,
  loadCheckpoint,
  saveCheckpoint,
} from "./checkpoint.ts";
import { MISSING_NUMBERS_MAX } from "./input-queue.ts";
import { NOT_CARRIED, type Room } from "./room.ts";
import { Ear, inputFrame, makeRoom, player, seated, steps } from "./room-for-tests.ts";
import type { PlayerId } from "./room-port.ts";
import { createRoomState, createSeat, type RoomState } from "./room-state.ts";

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

  it.each(["basin", "arena"] as const)(
    "has room for the fullest %s, with every queue as full as strangers can make it",
    (waters) => {
      const state = createRoomState(createWorld(7, waters));
      const seats = state.seats.length;
      for (let index = 0; index < seats; index++) {
        const speaks = { connection: "c".repeat(20), gateway: "g".repeat(64), before: noise(20) };
        const seat = createSeat(noise(22) as PlayerId, "漢".repeat(16), { kind: "seated", ...speaks });
        for (let back = INPUT_QUEUE_MAX; back > 0; back--) {
          const controls = {
            throttle: -7,
            rudder: (back % 8) - 7,
            aim: (back * 97 + index) % 256,
            fire: false,
            lagTicks: 7,
          };
          seat.inputs.waiting.push({
            number: COUNTER_MAX - back,
            tick: COUNTER_MAX - ((back * index) % 999),
            controls,
          });
        }
        for (let back = 0; back < MISSING_NUMBERS_MAX; back++) seat.inputs.missing.push(COUNTER_MAX - 1000 - back);
        state.seats[index] = seat;
        addBoat(state.world, index, { bot: false });
      }
      const fire = new Array(seats).fill({ ...neutralControls, throttle: 7, rudder: 3, fire: true });
      for (let tick = 0; tick < 60; tick++) step(state.world, fire);
      expect(loadCheckpoint(saveCheckpoint(state))).toEqual(state);
    },
  );

  it("of an arena goes on as the arena does", async () => {
    const original = makeRoom(createRoomState(createWorld(7, "arena")), 1, 40).room;
    await seated(original, "ann");
    drive(original, 1, 90);
    const copy = makeRoom(loadCheckpoint(original.checkpoint()), 1, 40).room;
    expect(drive(copy, 91, 60)).toEqual(drive(original, 91, 60));
    expect(copy.state).toEqual(original.state);
  });

  it("that says nothing of waters is a basin's", () => {
    const saved = JSON.parse(new TextDecoder().decode(saveCheckpoint(stateOfAFight())));
    delete saved.parts.world.waters;
    delete saved.parts.rosterToldVersion;
    const state = loadCheckpoint(new TextEncoder().encode(JSON.stringify(saved)));
    expect(state.world.waters).toBe("basin");
    expect(state).toEqual(stateOfAFight());
  });

  it("that would be too large when inflated is refused before it is", () => {
    const bomb = deflate(new Uint8Array(64 * 1024 * 1024).fill(32));
    expect(bomb.length).toBeLessThan(ARENA_CHECKPOINT_MAX_BYTES);
    expect(() => loadCheckpoint(bomb)).toThrow(/checkpoint/);
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
    ["a version that is no number", JSON.stringify({ version: "1", parts: {} })],
    ["no version", JSON.stringify({ parts: {} })],
    ["nothing but a list", "[]"],
    ["no parts", JSON.stringify({ version: 1 })],
    ["a missing part", JSON.stringify({ version: 1, parts: { seats: [] } })],
    ["a world without boats", broken((parts) => delete (parts.world as Record<string, unknown>).boats)],
    ["a seat without a queue", broken((parts) => (parts.seats as unknown[]).splice(0, 1, { player: "x" }))],
    ["waters that are not known", broken((parts) => Object.assign(parts.world as object, { waters: "ocean" }))],
    [
      "an arena's waters and a basin's seats",
      broken((parts) => Object.assign(parts.world as object, { waters: "arena" })),
    ],
    ["too few seats", broken((parts) => (parts.seats as unknown[]).pop())],
    ["a seat without a state", broken((parts) => (parts.seats as unknown[]).splice(0, 1, { ...aSeat, state: null }))],
    ["a roster version that is no number", broken((parts) => Object.assign(parts, { rosterVersion: "1" }))],
    ["nothing at all", ""],
  ])("with %s is refused", (_what, text) => {
    expect(() => loadCheckpoint(new TextEncoder().encode(text))).toThrow(/checkpoint/);
  });
});

describe("a checkpoint of another version", () => {
  const saved = () => JSON.parse(new TextDecoder().decode(saveCheckpoint(stateOfAFight())));
  const load = (value: unknown) => loadCheckpoint(new TextEncoder().encode(JSON.stringify(value)));

  it("is read from one to either side, and refused beyond that with both numbers", () => {
    for (const version of [CHECKPOINT_VERSION - 1, CHECKPOINT_VERSION, CHECKPOINT_VERSION + 1]) {
      if (version > 0) expect(load({ ...saved(), version })).toEqual(stateOfAFight());
    }
    expect(() => load({ ...saved(), version: CHECKPOINT_VERSION + 2 })).toThrow(
      `cannot read checkpoint version ${CHECKPOINT_VERSION + 2}: this server reads ${CHECKPOINT_VERSION} and one`,
    );
  });

  it("may have parts and fields that are not known here: they are left out", () => {
    const extras = fc.dictionary(
      fc.string().map((name) => `x-${name}`),
      fc.jsonValue(),
      { maxKeys: 3 },
    );
    fc.assert(
      fc.property(extras, extras, extras, extras, (top, part, world, seat) => {
        const value = saved();
        const { parts } = value;
        const { boats, ...rest } = parts.world;
        const more = {
          ...{ ...part, ...parts },
          world: { ...world, ...rest, boats: boats.map((boat: object | null) => boat && { ...world, ...boat }) },
          seats: parts.seats.map(
            (one: { inputs: object } | null) => one && { ...seat, ...one, inputs: { ...seat, ...one.inputs } },
          ),
        };
        expect(load({ ...top, version: CHECKPOINT_VERSION + 1, parts: more })).toEqual(stateOfAFight());
      }),
      { numRuns: 50 },
    );
  });

  it("may have a seat in a state that is not known here: nobody has spoken for it yet", () => {
    const value = saved();
    value.parts.seats[0].state = { kind: "ghost", since: 7 };
    const state = load({ ...value, version: CHECKPOINT_VERSION + 1 });
    expect(state.seats[0]?.state.kind).toBe("connecting");
    const { room } = makeRoom(state);
    steps(room, 1);
    expect(room.state.seats[0]?.state.kind).toBe("away");
  });
});

/** Letters that do not deflate well, the same ones in every run. */
let noiseState = 1;
function noise(length: number): string {
  return Array.from({ length }, () => {
    noiseState = (noiseState * 48271) % 2147483647;
    return String.fromCharCode(65 + (noiseState % 58));
  }).join("");
}

const aSeat = createSeat(player("ann"), "ann", { kind: "gone" });

function stateOfAFight(): RoomState {
  const state = createRoomState(createWorld(7));
  addBoat(state.world, 0, { bot: false });
  addBoat(state.world, 1, { bot: true });
  state.seats[0] = createSeat(player("ann"), "ann", { kind: "away", untilTick: 90 });
  state.bots[1] = "Whelk";
  for (let tick = 0; tick < 40; tick++) step(state.world, []);
  return state;
}

function broken(breakIt: (parts: Record<string, unknown>) => void): string {
  const saved = JSON.parse(new TextDecoder().decode(saveCheckpoint(createRoomState(createWorld(7)))));
  breakIt(saved.parts);
  return JSON.stringify(saved);
}
