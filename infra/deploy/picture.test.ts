import { expect, test } from "vitest";
import type { FleetTask } from "./fleet.ts";
import { type Picture, pictureLine, pictureText } from "./picture.ts";
import type { Plan } from "./plan.ts";
import { screenOn } from "./screen.ts";
import { readWords } from "./server-words.ts";

const plan: Plan = {
  strategy: "rolling",
  from: "v1",
  fromGeneration: 1,
  to: "v2",
  generation: 2,
  count: 1,
  environment: {},
  isUnfinished: false,
};
const task = (id: string, generation: number, status: FleetTask["status"], port: number): FleetTask => ({
  ...{ id, version: `v${generation}`, generation, status, targetGroupArn: "blue", stoppedReason: null },
  address: { host: "127.0.0.1", port },
});
const picture: Picture = {
  ...{ plan, stage: "emptying", seconds: 12.4 },
  sight: {
    tasks: [task("s2", 2, "RUNNING", 5002), task("s1", 1, "DEACTIVATING", 5001)],
    targets: new Map([
      ["127.0.0.1:5001", "draining"],
      ["127.0.0.1:5002", "healthy"],
    ]),
    words: new Map([["s2", { state: "ready", players: 31, rooms: 2, arrived: 30 }]]),
  },
  felt: {
    players: 6,
    gapMs: { p50: 33.3, p99: 41.2, max: 78 },
    inputs: { lost: 0, doubled: 0 },
    ...{ disconnects: 0, moves: 2, movesPerPlayerMax: 1, moved: 2, movedMoreThanOnce: 0 },
  },
};

test("the picture has a row for each server, the old ones first, and what the canaries feel", () => {
  expect(pictureText(picture)).toBe(
    [
      "rolling deploy v1 -> v2   old servers hand over and leave   12 s",
      "",
      "server  version  gen  task          target    says   players  rooms",
      "s1      v1       1    DEACTIVATING  draining  -      -        -",
      "s2      v2       2    RUNNING       healthy   ready  31       2",
      "",
      "canaries  6 playing, 2 moved; gap p50 33 ms, p99 41 ms, max 78 ms; 0 disconnects, 0 inputs lost, 0 doubled",
    ].join("\n"),
  );
  expect(pictureText({ ...picture, felt: undefined })).toContain("canaries  -");
});

test("in a log it is a line, and only when it has changed", () => {
  const written: string[] = [];
  const screen = screenOn({ write: (text) => written.push(text) });
  const line = pictureLine(picture);
  expect(line).toBe("v2: old servers hand over and leave | s1 (v1) DEACTIVATING -, s2 (v2) healthy 31");
  screen.show("a table", line);
  screen.show("a table", line);
  screen.say("a word");
  screen.show("a table", "another line");
  screen.close();
  expect(written).toEqual([`${line}\n`, "a word\n", "another line\n"]);
});

test("on a terminal it is drawn again in its place, words go above it, and long lines are cut", () => {
  const written: string[] = [];
  const screen = screenOn({ isTTY: true, columns: 4, write: (text) => written.push(text) });
  screen.show("one\ntwo-too-long", "");
  screen.show("three", "");
  screen.say("word");
  screen.close();
  const up = (lines: number) => `${"\u001b[F".repeat(lines)}\u001b[J`;
  expect(written).toEqual([`${up(0)}one\ntwo-\n`, `${up(2)}thre\n`, `${up(1)}word\nthre\n`]);
});

test("of a picture that is higher than the terminal the middle is left out", () => {
  const written: string[] = [];
  const screen = screenOn({ isTTY: true, columns: 80, rows: 7, write: (text) => written.push(text) });
  screen.show("1\n2\n3\n4\n5\n6\n7\n8", "");
  expect(written).toEqual(["\u001b[J1\n2\n3\n...\n7\n8\n"]);
});

test("a server's words are its state, or the phase of its departure, its players and its rooms", () => {
  const status = { state: "ready", players: 3, rooms: [{ code: "ABCD" }], departure: { phase: "serving" }, more: 1 };
  expect(readWords({ ...status, moves: { in: 2 } })).toEqual({ state: "ready", players: 3, rooms: 1, arrived: 2 });
  expect(readWords({ ...status, departure: { phase: "players", forMs: 5 } })).toMatchObject({ state: "players" });
  expect(readWords({ state: "ready", players: 0, rooms: [] })).toMatchObject({ state: "ready", arrived: 0 });
  expect(readWords({ state: "ready" })).toBeUndefined();
});
