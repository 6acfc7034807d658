import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RefusalCode } from "../../game/protocol/index.ts";
import type { PlayerId, ServerId } from "../room/room-port.ts";
import { decodeRelay, encodeRelay, type RelayMessage } from "./envelope.ts";
import { RELAY_MESSAGE_MAX_BYTES } from "./limits.ts";

const player = "Zoë-1" as PlayerId;
const gateway = "server-a" as ServerId;
const request = { player, name: "Zoë", gateway, connection: "socket-1" };
const bytes = Uint8Array.of(0x11, 0, 255);
const roster = { version: 3, seats: [{ seat: 0, name: "Zoë", bot: false, away: false }] };

const messages: RelayMessage[] = [
  { kind: "join", epoch: 1, requestId: 4_000_000_000, request },
  { kind: "input", epoch: 4_294_967_295, player, frame: bytes },
  { kind: "away", epoch: 2, player, connection: "socket-1" },
  { kind: "leave", epoch: 2, player },
  { kind: "keyframe", epoch: 2 },
  { kind: "presence", epoch: 2, presence: { gateway, seats: [request, { ...request, player: "p2" as PlayerId }] } },
  { kind: "presence", epoch: 2, presence: { gateway, seats: [] } },
  {
    ...{ kind: "answer", epoch: 2, gateway, requestId: 7 },
    answer: { ok: true, seat: 5, resumed: true, inputsReceived: 12, roster },
  },
  { kind: "answer", epoch: 2, gateway, requestId: 7, answer: { ok: false, code: "room-full" } },
  { kind: "frame", epoch: 2, tick: 100, previousTick: 99, delta: bytes },
  { kind: "frame", epoch: 2, tick: 100, previousTick: 99, keyframe: bytes },
  { kind: "frame", epoch: 2, tick: 100, previousTick: 99, delta: bytes, keyframe: Uint8Array.of(1, 2, 3, 4) },
  { kind: "presence", epoch: 2, presence: { gateway, seats: [{ ...request, replaces: "socket-0" }], newestTick: 77 } },
  { kind: "path", epoch: 3, owner: { id: "b", version: "v2" } },
  { kind: "path", epoch: 3, owner: { id: "b", version: "v2" }, nextInputs: { [player]: 12 } },
  { kind: "closed", epoch: 3, code: "room-closed" },
  { kind: "seat-lost", epoch: 3, gateway, player, code: "unavailable" },
];

describe("relay messages", () => {
  it.each(messages)("of kind $kind come back as they went", (message) => {
    expect(decodeRelay(encodeRelay(message))).toEqual(message);
  });

  it.each(messages)(
    "of kind $kind, cut short anywhere, are no message or a shorter one, never an exception",
    (message) => {
      const whole = encodeRelay(message);
      for (let length = 0; length < whole.length; length++) {
        const read = decodeRelay(whole.subarray(0, length));
        if (read) expect(read.kind).toBe(message.kind);
      }
    },
  );

  it("of the next version are read, of the one after that and of none they are dropped", () => {
    const whole = encodeRelay({ kind: "keyframe", epoch: 1 });
    const ofVersion = (version: number) => Uint8Array.of((version << 4) | (whole[0]! & 15), ...whole.subarray(1));
    expect(decodeRelay(ofVersion(2))).toEqual({ kind: "keyframe", epoch: 1 });
    for (const version of [0, 3, 15]) expect(decodeRelay(ofVersion(version))).toBeUndefined();
  });

  it("may say more than is known here, in their JSON and behind their fields", () => {
    const more = { ...request, hat: "red", gateway: "server-a" as ServerId };
    const join = decodeRelay(encodeRelay({ kind: "join", epoch: 1, requestId: 1, request: more }));
    expect(join).toMatchObject({ kind: "join", request });
    const away = encodeRelay({ kind: "away", epoch: 2, player, connection: "socket-1" });
    expect(decodeRelay(Uint8Array.of(...away, 7, 7, 7))).toEqual({
      kind: "away",
      epoch: 2,
      player,
      connection: "socket-1",
    });
  });

  it("of a kind that is not known here are dropped", () => {
    for (let kind = 11; kind < 16; kind++) {
      expect(decodeRelay(Uint8Array.of(0x10 | kind, 0, 0, 0, 1, 2, 3))).toBeUndefined();
      expect(decodeRelay(Uint8Array.of(0x20 | kind, 0, 0, 0, 1, 2, 3))).toBeUndefined();
    }
  });

  it("with a refusal that only a newer version knows say that it cannot be done now; with none they are dropped", () => {
    const newer = encodeRelay({ kind: "closed", epoch: 1, code: "lent-to-a-museum" as RefusalCode });
    expect(decodeRelay(newer)).toEqual({ kind: "closed", epoch: 1, code: "unavailable" });
    const none = encodeRelay({ kind: "closed", epoch: 1, code: "NOT A CODE" as RefusalCode });
    expect(decodeRelay(none)).toBeUndefined();
  });

  it("made of any bytes never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 15 }), (noise, kind) => {
        decodeRelay(noise);
        decodeRelay(Uint8Array.of(0x10 | kind, ...noise));
      }),
    );
  });

  it("beyond the size limit are neither written nor read", () => {
    const delta = new Uint8Array(RELAY_MESSAGE_MAX_BYTES);
    expect(() => encodeRelay({ kind: "frame", epoch: 1, tick: 1, previousTick: 0, delta })).toThrow(RangeError);
    const long = new Uint8Array(RELAY_MESSAGE_MAX_BYTES + 1);
    long.set(encodeRelay({ kind: "keyframe", epoch: 1 }));
    expect(decodeRelay(long)).toBeUndefined();
  });

  it("with a name that is too long for its field are not written", () => {
    expect(() => encodeRelay({ kind: "leave", epoch: 1, player: "x".repeat(256) as PlayerId })).toThrow(RangeError);
  });
});
