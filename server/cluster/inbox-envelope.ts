// How messages to a server's inbox look: what servers say to each other about a room that moves. Rare, so JSON, with the checkpoint behind it.
// Every field is checked on reading; what does not decode is `undefined`, and the reader drops it.
//
//   0 … 3          then                                        then
//   length of it   JSON { version, kind, … as InboxMessage }   the checkpoint, in a "resume"

import type { ServerLabel } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import { ARENA_CHECKPOINT_MAX_BYTES } from "../room/checkpoint.ts";
import { isNeighbour } from "../room/format-version.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import { INBOX_MESSAGE_MAX_BYTES } from "./limits.ts";

/** A room as its servers know it: `epoch` is the one that the heir will have, or has. */
export interface Bequest {
  code: RoomCode;
  birth: string;
  epoch: number;
  /** A version that does not know arenas says nothing of it. */
  waters: WatersKind;
}

export type InboxMessage =
  /** Would you take this room? `request` comes back with the answer. */
  | ({ kind: "prepare"; from: ServerId; request: number } & Bequest)
  | { kind: "prepared"; from: ServerLabel; request: number; willing: boolean }
  /** The room is yours. Its next tick is due in `dueInMs`, counted from the sending. */
  | ({ kind: "resume"; from: ServerLabel; dueInMs: number; checkpoint: Uint8Array } & Bequest)
  /** The directory says that you run this room, and nobody hears it. */
  | { kind: "silent"; code: RoomCode };

const VERSION = 1;
const LENGTH_BYTES = 4;
const TEXT_MAX_UNITS = 128;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Throws a RangeError when the whole is longer than a message may be. */
export function encodeInbox(message: InboxMessage): Uint8Array {
  const { checkpoint = new Uint8Array(), ...said } = message as InboxMessage & { checkpoint?: Uint8Array };
  const head = encoder.encode(JSON.stringify({ version: VERSION, ...said }));
  const length = LENGTH_BYTES + head.length + checkpoint.length;
  if (length > INBOX_MESSAGE_MAX_BYTES) throw new RangeError(`cannot send a "${message.kind}" of ${length} bytes`);
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, LENGTH_BYTES);
  bytes.set(checkpoint, LENGTH_BYTES + head.length);
  return bytes;
}

export function decodeInbox(bytes: Uint8Array): InboxMessage | undefined {
  if (bytes.length < LENGTH_BYTES || bytes.length > INBOX_MESSAGE_MAX_BYTES) return undefined;
  const headEnd = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (headEnd > bytes.length) return undefined;
  try {
    return read(JSON.parse(decoder.decode(bytes.subarray(LENGTH_BYTES, headEnd))), bytes.slice(headEnd));
  } catch {
    // Not JSON or not text: to the caller it is "not a message", like one with a wrong field.
    return undefined;
  }
}

function read(said: unknown, checkpoint: Uint8Array): InboxMessage | undefined {
  if (typeof said !== "object" || said === null) return undefined;
  const { version, kind, code, birth, epoch, from, request, willing, dueInMs, ...more } = said as Record<
    string,
    unknown
  >;
  if (!isNeighbour(version, VERSION)) return undefined;
  if (kind === "prepared") {
    if (!isLabel(from) || !isCount(request) || typeof willing !== "boolean") return undefined;
    return { kind, from, request, willing };
  }
  if (!isText<RoomCode>(code)) return undefined;
  if (kind === "silent") return { kind, code };
  if (!isText<string>(birth) || !isCount(epoch)) return undefined;
  const waters = more.waters ?? "basin";
  // Waters that only a newer version knows cannot be inherited here.
  if (waters !== "basin" && waters !== "arena") return undefined;
  if (kind === "prepare" && isText<ServerId>(from) && isCount(request)) {
    return { kind, from, request, code, birth, epoch, waters };
  }
  if (
    kind === "resume" &&
    isLabel(from) &&
    Number.isFinite(dueInMs) &&
    checkpoint.length <= ARENA_CHECKPOINT_MAX_BYTES
  ) {
    return { kind, from, dueInMs: dueInMs as number, checkpoint, code, birth, epoch, waters };
  }
  return undefined;
}

function isText<Text extends string>(value: unknown): value is Text {
  return typeof value === "string" && value.length > 0 && value.length <= TEXT_MAX_UNITS;
}

function isLabel(value: unknown): value is ServerLabel {
  const { id, version } = (value ?? {}) as Partial<ServerLabel>;
  return isText(id) && isText(version);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
