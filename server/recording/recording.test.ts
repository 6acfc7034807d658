// A match in a real room, written down and played again.

import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Recorder } from "../../game/recording/recorder.ts";
import { RecordingError, replay } from "../../game/recording/replay.ts";
import { createWorld, hashWorld } from "../../game/sim/index.ts";
import { Room } from "../room/room.ts";
import { CODE, inputFrame, OWNER, player, request, rethrow } from "../room/room-for-tests.ts";
import type { ServerId } from "../room/room-port.ts";
import { createRoomState, type RoomState } from "../room/room-state.ts";
import { Recordings } from "./recordings.ts";

const HOOKS = {
  roster: () => {},
  score: () => {},
  arrival: () => {},
  fault: (_: unknown, error: unknown) => rethrow(error),
};

function recordedRoom(state: RoomState = createRoomState(createWorld(99))) {
  const lines: string[] = [];
  const sink = { line: (text: string) => lines.push(text), end: () => {} };
  const recorder = new Recorder(state.world, { room: CODE, epoch: 1 }, sink);
  const room = new Room({ code: CODE, owner: OWNER, epoch: 1, state, hooks: HOOKS, botsFillTo: 8, recorder });
  return { room, text: () => `${lines.join("\n")}\n` };
}

/** People come, steer, lose inputs, send some late and in heaps, and go; bots fill up and make room. */
async function playMatch(room: Room, ticks: number): Promise<void> {
  const numbers = new Map<string, number>();
  const random = seeded(5);
  for (let tick = 0; tick < ticks; tick++) {
    const name = `p${Math.floor(random() * 12)}`;
    if (random() < 0.05) await room.join({ ...request(name), gateway: OWNER.id as ServerId, areas: true });
    if (random() < 0.01) {
      room.leave(player(name));
      numbers.delete(name);
    }
    if (random() < 0.3) {
      const number = (numbers.get(name) ?? 0) + 1;
      numbers.set(name, number);
      const controls = {
        throttle: 7,
        rudder: Math.floor(random() * 15) - 7,
        aim: Math.floor(random() * 256),
        fire: random() < 0.5,
      };
      room.input(player(name), inputFrame(number, Math.max(0, room.tick + Math.floor(random() * 6) - 2), controls));
    }
    room.step(rethrow);
  }
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("a match of three minutes, played again from its inputs alone, ends in the same world", async () => {
  const { room, text } = recordedRoom();
  await playMatch(room, 5_400);
  room.close();
  const played = replay(text());
  expect(played).toMatchObject({ room: CODE, epoch: 1, tick: 5_400, steps: 5_400, compared: 180 });
  expect(played.divergedAtTick).toBeUndefined();
  expect(played.hash).toBe(hashWorld(room.state.world));
  expect(played.world).toEqual(room.state.world);
});

test("the recording of a later owner begins with the world as it was, and follows a jump in the ticks", async () => {
  const first = recordedRoom();
  await playMatch(first.room, 500);
  first.room.close();
  const second = recordedRoom(structuredClone(first.room.state));
  second.room.state.world.tick += 200;
  await playMatch(second.room, 300);
  second.room.close();
  const played = replay(second.text());
  expect(played).toMatchObject({ tick: 1_000, steps: 300, hash: hashWorld(second.room.state.world) });
  expect(played.divergedAtTick).toBeUndefined();
});

test("an arena's match is played again in an arena, from its first tick and from a later one", async () => {
  const first = recordedRoom(createRoomState(createWorld(99, "arena")));
  await playMatch(first.room, 150);
  first.room.close();
  expect(first.room.state.seats.some((seat) => seat !== null)).toBe(true);
  const second = recordedRoom(structuredClone(first.room.state));
  await playMatch(second.room, 60);
  second.room.close();
  for (const { room, text } of [first, second]) {
    const played = replay(text());
    expect(played.divergedAtTick).toBeUndefined();
    expect(played.hash).toBe(hashWorld(room.state.world));
    expect(played.world.waters).toBe("arena");
  }
});

test("a world that was tampered with is refused, or played to its end", async () => {
  const { room } = recordedRoom();
  await playMatch(room, 300);
  const text = recordedRoom(structuredClone(room.state)).text();
  const [head, next] = [text.trimEnd(), '["#",310,0]'];
  expect(replay(`${head}\n${next}\n`).steps).toBe(10);
  const random = seeded(11);
  const others = ["null", "-1", "1e300", '"x"', "[]", "{}", "4294967296", "0.5", "true"];
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    const spots = [...head.matchAll(/-?\d+|null|true|false|"\w+"(?!:)|\[\]/g)];
    const spot = spots[Math.floor(random() * spots.length)]!;
    const other = others[Math.floor(random() * others.length)]!;
    const changed = head.slice(0, spot.index) + other + head.slice(spot.index + spot[0].length);
    try {
      replay(`${changed}\n${next}\n`);
    } catch (error) {
      expect(error).toBeInstanceOf(RecordingError);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(100);
});

test("a recording that was changed is found out within a second", async () => {
  const { room, text } = recordedRoom();
  await playMatch(room, 600);
  room.close();
  const lines = text().split("\n");
  const at = lines.findIndex((line) => line.startsWith('["in",3'));
  lines[at] = lines[at]!.replace(/\[\[(\d+),7,/, "[[$1,-7,");
  expect(lines[at]).not.toBe(text().split("\n")[at]);
  const played = replay(lines.join("\n"));
  const changedTick = JSON.parse(lines[at]!)[1] as number;
  expect(played.divergedAtTick).toBeGreaterThanOrEqual(changedTick);
  expect(played.divergedAtTick).toBeLessThanOrEqual(changedTick + 30);
});

test("what was written until a server was killed is played; the line that breaks off is not", async () => {
  const { room, text } = recordedRoom();
  await playMatch(room, 100);
  const whole = text();
  const played = replay(whole.slice(0, -10));
  expect(played.compared).toBeGreaterThan(0);
  expect(played.divergedAtTick).toBeUndefined();
});

test.each([
  ["", "line 1 of the recording is not JSON"],
  ["{}\n", "line 1 of the recording does not begin a recording"],
  ['{"recording":2}\n', "line 1 of the recording is of version 2, not 1"],
  ['{"recording":1,"room":"ABCD","epoch":1}\n', "line 1 of the recording lacks room, epoch, or where the world begins"],
  ['{"recording":1,"room":"ABCD","epoch":1,"seed":7}\nno\n', "line 2 of the recording is not JSON"],
  [
    '{"recording":1,"room":"ABCD","epoch":1,"seed":7,"waters":"pond"}\n',
    "line 1 of the recording lacks room, epoch, or where the world begins",
  ],
  [
    '{"recording":1,"room":"ABCD","epoch":1,"world":{"boats":[]}}\n',
    "line 1 of the recording lacks room, epoch, or where the world begins",
  ],
  [
    '{"recording":1,"room":"ABCD","epoch":1,"seed":7}\n["in",1,[[32,0,0,0,0,0,1]]]\n',
    "line 2 of the recording is not understood",
  ],
  [
    '{"recording":1,"room":"ABCD","epoch":1,"seed":7}\n["+",0,1,0]\n["+",0,1,0]\n',
    "line 3 of the recording launches a boat that is there",
  ],
  [
    '{"recording":1,"room":"ABCD","epoch":1,"seed":7}\n["#",9,1]\n["-",3,1]\n',
    "line 3 of the recording goes back from tick 9 to 3",
  ],
  [
    '{"recording":1,"room":"ABCD","epoch":1,"seed":7}\n["#",9000000,1]\n',
    "line 2 of the recording is 9000000 ticks after the one before",
  ],
])("%j is refused", (text, why) => {
  expect(() => replay(text)).toThrow(RecordingError);
  expect(() => replay(text)).toThrow(why);
});

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "recordings-"));
});

afterEach(() => rm(directory, { recursive: true }));

test("each room's match becomes a file that can be played", async () => {
  const log = pino({ level: "silent" });
  const said = vi.spyOn(log, "info");
  const state = createRoomState(createWorld(3));
  const recordings = new Recordings(directory, "s1", log);
  const recorder = recordings.record({ code: CODE, epoch: 4, world: state.world });
  const room = new Room({ code: CODE, owner: OWNER, epoch: 4, state, hooks: HOOKS, recorder });
  await playMatch(room, 200);
  room.close();
  await recordings.close();
  expect(said).toHaveBeenCalledWith(expect.objectContaining({ event: "recorded", room: CODE }));
  const [file] = readdirSync(directory);
  expect(file).toMatch(/^ABCD-4-s1-\w+\.jsonl$/);
  const text = readFileSync(join(directory, file!), "utf8");
  expect(replay(text)).toMatchObject({ tick: 200, hash: hashWorld(state.world) });
});

test("a disk that fails ends the recording, and the match goes on", async () => {
  const log = pino({ level: "silent" });
  const said = vi.spyOn(log, "warn");
  const state = createRoomState(createWorld(3));
  const recordings = new Recordings(join(directory, "missing"), "s1", log);
  const recorder = recordings.record({ code: CODE, epoch: 4, world: state.world });
  const room = new Room({ code: CODE, owner: OWNER, epoch: 4, state, hooks: HOOKS, recorder });
  await vi.waitFor(() => expect(said).toHaveBeenCalledWith(expect.objectContaining({ event: "recording-failed" })));
  await playMatch(room, 50);
  room.close();
  await recordings.close();
  expect(room.tick).toBe(50);
});
