// Frozen bytes of this codec version. If one of these must change, CODEC_VERSION has to grow: tabs that are open speak the old one.

import { describe, expect, it } from "vitest";
import type { BoatState, GameEvent, View } from "../sim/index.ts";
import {
  CODEC_VERSION,
  decodeInput,
  decodePacket,
  decodeSnapshot,
  encodeInput,
  encodePacket,
  encodeSnapshot,
  PACKET_TYPES,
  PROTOCOL_VERSION,
  parseJoinRequest,
  parseMove,
  parseRelease,
} from "./index.ts";

const boat: BoatState = {
  x: 64_000,
  y: 32_000,
  vx: 200,
  vy: -100,
  heading: 1000,
  turnRate: 12,
  aim: 77,
  hull: 75,
  reload: 9,
  pearls: 4,
  score: 9,
  sinkings: 1,
  losses: 2,
  respawnIn: 0,
  protectedFor: 30,
};

const base: View = {
  tick: 1000,
  seed: 0xdeadbeef,
  waters: "basin",
  phase: "playing",
  phaseEndsAtTick: 5400,
  round: 2,
  boats: [boat, null, { ...boat, x: 100_000, vx: 0, vy: 0, turnRate: 0, hull: 0, respawnIn: 60, protectedFor: 0 }],
  pearls: [
    { id: 3, x: 640, y: 1280 },
    { id: 9, x: 6400, y: 12_800 },
  ],
};

const view: View = {
  ...base,
  tick: 1001,
  boats: [
    {
      ...boat,
      x: 64_213,
      y: 31_880,
      vx: 213,
      vy: -120,
      heading: 1017,
      turnRate: 17,
      aim: 80,
      reload: 8,
      pearls: 5,
      score: 10,
      protectedFor: 29,
    },
    null,
    { ...base.boats[2]!, reload: 8, respawnIn: 59 },
  ],
  pearls: [
    { id: 9, x: 6400, y: 12_800 },
    { id: 10, x: 9999, y: 5 },
  ],
};

const events: GameEvent[] = [
  { type: "pearl-taken", pearl: 3, boat: 0 },
  { type: "pearl-spawn", pearl: 10, x: 9999, y: 5 },
  { type: "shot", ball: 21, boat: 2, x: 5, y: 6, vx: -1000, vy: 800 },
  { type: "hit", ball: 20, boat: 2, by: 0, damage: 25 },
  { type: "bounce", boat: 0, x: 7, y: 8, strength: 90 },
  { type: "sunk", boat: 2, by: 0 },
  { type: "respawn", boat: 2 },
  { type: "pearl-gone", pearl: 3 },
  { type: "round-end", round: 2 },
  { type: "round-start", round: 3 },
];

const reports = [{ seat: 2, number: 500, applied: 499, marginTicks: -3 }];

const SAMPLES = {
  input: "11ac02f0a204e4c8c0",
  keyframe:
    "3107ac02e8076f56df77993068d435d90ce67d000fa007d009ecb6e513729f89b0d403e801f4027ae51372bf0590014000a0070320019006",
  delta:
    "2107ac02e90701c64606a54b04a090270f000145b40e0b0a09c3c000508ac800028000c4e79080314941494000070002368e50493c0e605103515f4490",
};

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

describe("the wire of codec version 1", () => {
  it("is the version that these samples are of", () => {
    expect(CODEC_VERSION).toBe(1);
  });

  it("has this input", () => {
    const controls = { throttle: 7, rudder: -3, aim: 200, fire: true, lagTicks: 4 };
    const frame = { number: 300, tick: 70_000, controls };
    expect(hex(encodeInput(frame))).toBe(SAMPLES.input);
    expect(decodeInput(bytesOf(SAMPLES.input))).toEqual(frame);
  });

  it("has this keyframe", () => {
    const snapshot = { epoch: 7, rosterVersion: 300, view: base, events: [], reports: [] };
    expect(hex(encodeSnapshot(snapshot))).toBe(SAMPLES.keyframe);
    expect(decodeSnapshot(bytesOf(SAMPLES.keyframe))).toEqual({ ...snapshot, baseTick: 1000 });
  });

  it("has this delta", () => {
    const snapshot = { epoch: 7, rosterVersion: 300, view, events, reports };
    expect(hex(encodeSnapshot({ ...snapshot, base }))).toBe(SAMPLES.delta);
    expect(decodeSnapshot(bytesOf(SAMPLES.delta), base)).toEqual({ ...snapshot, baseTick: 1000 });
  });
});

describe("what protocol version 2 adds", () => {
  it("is the version that these samples are of", () => {
    expect(PROTOCOL_VERSION).toBe(2);
  });

  it("is this move", () => {
    const text = '2["move",{"ticket":"eyJ.a-b_c.Zz0","notBeforeMs":250,"deadlineMs":8000}]';
    const move = { ticket: "eyJ.a-b_c.Zz0", notBeforeMs: 250, deadlineMs: 8000 };
    const packet = { type: PACKET_TYPES.EVENT, nsp: "/", data: ["move", move] };
    expect(encodePacket(packet)).toBe(text);
    expect(decodePacket(text)).toEqual(packet);
    expect(parseMove(move)).toEqual(move);
  });

  it("is this release", () => {
    const text = '2["release",{"version":"v2","protocol":2}]';
    const packet = { type: PACKET_TYPES.EVENT, nsp: "/", data: ["release", { version: "v2", protocol: 2 }] };
    expect(encodePacket(packet)).toBe(text);
    expect(decodePacket(text)).toEqual(packet);
    expect(parseRelease(packet.data[1])).toEqual({ version: "v2", protocol: 2 });
  });

  it("is this join with a ticket", () => {
    const text = '20["join",{"name":"Ada","room":"KQXR","ticket":"eyJ.a-b_c.Zz0"}]';
    const request = { name: "Ada", room: "KQXR", ticket: "eyJ.a-b_c.Zz0" };
    const packet = { type: PACKET_TYPES.EVENT, nsp: "/", data: ["join", request], id: 0 };
    expect(encodePacket(packet)).toBe(text);
    expect(decodePacket(text)).toEqual(packet);
    expect(parseJoinRequest(request)).toEqual(request);
  });
});
