import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ARENA_CHECKPOINT_MAX_BYTES } from "../room/checkpoint.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import { decodeInbox, encodeInbox, type InboxMessage } from "./inbox-envelope.ts";
import { INBOX_MESSAGE_MAX_BYTES } from "./limits.ts";

const bequest = { code: "QUAY" as RoomCode, birth: "a/1", epoch: 7, waters: "arena" as const };
const from = { id: "server-a", version: "v1" };

const messages: InboxMessage[] = [
  { kind: "prepare", from: "server-a" as ServerId, request: 3, ...bequest },
  { kind: "prepared", from, request: 3, willing: true },
  { kind: "resume", from, dueInMs: -2.5, checkpoint: Uint8Array.of(123, 0, 255), ...bequest },
  { kind: "silent", code: bequest.code },
];

/** As a sender of another mind would write it. */
function said(value: unknown, checkpoint = new Uint8Array()): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(value));
  const bytes = new Uint8Array(4 + head.length + checkpoint.length);
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, 4);
  bytes.set(checkpoint, 4 + head.length);
  return bytes;
}

describe("messages to a server's inbox", () => {
  it.each(messages)("of kind $kind come back as they went", (message) => {
    expect(decodeInbox(encodeInbox(message))).toEqual(message);
  });

  it("carry the largest checkpoint, and not one that is larger", () => {
    const resume = (size: number) =>
      encodeInbox({ kind: "resume", from, dueInMs: 0, checkpoint: new Uint8Array(size), ...bequest });
    expect(decodeInbox(resume(ARENA_CHECKPOINT_MAX_BYTES))).toMatchObject({ kind: "resume" });
    expect(() => resume(INBOX_MESSAGE_MAX_BYTES)).toThrow(RangeError);
  });

  it("that say nothing of waters are about a basin, and those about waters that are not known here are dropped", () => {
    const prepare = { version: 1, ...messages[0], waters: undefined };
    expect(decodeInbox(said(prepare))).toEqual({ ...messages[0], waters: "basin" });
    expect(decodeInbox(said({ ...prepare, waters: "ocean" }))).toBeUndefined();
  });

  it("of the next version are read, and may say more than is known here", () => {
    const newer = { version: 2, ...messages[0], mood: "good" };
    expect(decodeInbox(said(newer))).toEqual(messages[0]);
  });

  it.each([
    ["of a kind that is not known", { version: 1, kind: "sing", code: "QUAY" }],
    ["of the version after the next", { version: 3, ...messages[0] }],
    ["without a version", messages[0]],
    ["without a room", { version: 1, kind: "silent" }],
    ["with an epoch that is no number", { version: 1, ...messages[0], epoch: "7" }],
    ["with a text that is too long", { version: 1, ...messages[0], birth: "b".repeat(500) }],
    ["from nobody", { version: 1, kind: "prepared", request: 1, willing: true }],
    ["with a due time that is none", { version: 1, kind: "resume", from, dueInMs: null, ...bequest }],
    ["that are no object", 7],
  ])("%s are dropped", (_, value) => {
    expect(decodeInbox(said(value))).toBeUndefined();
  });

  it("that are any other bytes are dropped, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(decodeInbox(bytes)).toBeUndefined();
      }),
    );
    const whole = encodeInbox(messages[2]!);
    for (let length = 0; length < whole.length - 3; length++)
      expect(decodeInbox(whole.subarray(0, length))).toBeUndefined();
  });
});
