// Rooms go from version 1 to today's in a deploy, and back in a rollback, in the middle of a fight.

import { describe, expect, it } from "vitest";
import { encodeInput } from "../../game/protocol/index.ts";
import { hashWorld, TICK_MS } from "../../game/sim/index.ts";
import { VirtualClock } from "../../server/clock.ts";
import { loadCheckpoint, saveCheckpoint } from "../../server/room/checkpoint.ts";
import { RoomLoop } from "../../server/room/room-host.ts";
import type { PlayerId, RoomCode } from "../../server/room/room-port.ts";
import { samples1, version1 } from "./version-1.ts";

const CODE = "KQXR" as RoomCode;
const PLAYED_TICKS = 300;
const sample = new TextEncoder().encode(JSON.stringify(samples1.checkpoint));
/** One of those who play in the sample. */
const PLAYER = "player-number-1-xxxx" as PlayerId;

describe("a checkpoint of version 1", () => {
  it("is read whole", () => {
    const { parts } = samples1.checkpoint as { parts: object };
    expect(JSON.parse(JSON.stringify(loadCheckpoint(sample)))).toMatchObject(parts);
  });

  it("goes on today as it would have gone on there", async () => {
    const [today, before] = [await playOn(RoomLoop, sample), await playOn(version1.RoomLoop, sample)];
    expect(today.hashes).toEqual(before.hashes);
    expect(asVersion1(today.end)).toEqual(asVersion1(before.end));
  });
});

describe("a checkpoint of today", () => {
  it("is read by version 1, and goes on there as it would have gone on here", async () => {
    const { end } = await playOn(RoomLoop, sample);
    const [today, before] = [await playOn(RoomLoop, end), await playOn(version1.RoomLoop, end)];
    expect(before.hashes).toEqual(today.hashes);
    expect(asVersion1(before.end)).toEqual(asVersion1(today.end));
  });

  it("comes back from version 1 as it went", () => {
    const sent = saveCheckpoint(loadCheckpoint(sample));
    const back = version1.saveCheckpoint(version1.loadCheckpoint(sent));
    expect(loadCheckpoint(back)).toEqual(loadCheckpoint(sample));
  });
});

/** The parts of a checkpoint with what version 1 knew of them, and nothing that came later. */
function asVersion1(checkpoint: Uint8Array) {
  const { seats, rosterToldVersion: _, ...state } = loadCheckpoint(checkpoint);
  return {
    ...state,
    seats: seats.map((seat) => {
      if (!seat) return null;
      const { waiting, received, missing, settled } = seat.inputs;
      return { ...seat, inputs: { waiting, received, missing, settled } };
    }),
  };
}

/** Adopts a room and plays a part of it on: every tick's world, and the checkpoint at the end. */
async function playOn(Loop: typeof RoomLoop, checkpoint: Uint8Array) {
  const clock = new VirtualClock();
  const faults: unknown[] = [];
  const observe = { tick() {}, droppedSteps() {}, arrival() {}, error: (error: unknown) => faults.push(error) };
  const loop = new Loop({ clock, owner: { id: "s2", version: "v2" }, randomSeed: () => 7, observe });
  const room = loop.adopt(CODE, 2, checkpoint, 0);
  const { state } = loop.get(CODE)!;
  const seat = state.seats.find((one) => one?.player === PLAYER)!;
  const hashes: (number | string)[] = [];
  let number = seat.inputs.received;
  for (let tick = 0; tick < PLAYED_TICKS; tick++) {
    const controls = { throttle: 7, rudder: (tick % 15) - 7, aim: (tick * 3) % 256, fire: true, lagTicks: 0 };
    room.input(PLAYER, encodeInput({ number: ++number, tick: state.world.tick + 4, controls }));
    await clock.advance(TICK_MS);
    // Version 1 knows of no waters, and all of its own are basins.
    hashes.push(hashWorld({ ...state.world, waters: "basin" }));
  }
  expect(faults).toEqual([]);
  const end = room.checkpoint();
  loop.close();
  return { hashes, end };
}
