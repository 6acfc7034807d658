// How messages about a room look on its two channels. Strings are a length byte and UTF-8; numbers are big-endian; the rest of a
// message is its payload. Every field is checked on reading; what does not decode is `undefined`, and the reader drops it.
//
//   byte 0          1 … 4    then
//   version | kind  epoch    up:   join       requestId u32, JSON SeatRequest
//   0x1       n              to    input      player, input frame
//                            the   away       player, connection
//                            owner leave      player
//                                  keyframe   (nothing)
//                                  presence   JSON Presence
//                            down: answer     gateway, requestId u32, JSON SeatAnswer
//                            to    frame      tick u32, previous tick u32, delta length u32, delta, keyframe
//                            gate- path       JSON ServerLabel, NextInputs
//                            ways  closed     refusal code
//                                  seat-lost  gateway, player, refusal code

import { COUNTER_MAX, REFUSALS, type RefusalCode, type ServerLabel } from "../../game/protocol/index.ts";
import { isNeighbour } from "../room/format-version.ts";
import type { PlayerId, SeatAnswer, SeatRequest, ServerId } from "../room/room-port.ts";
import { PRESENCE_PLAYERS_MAX, RELAY_MESSAGE_MAX_BYTES } from "./limits.ts";

/** Who a gateway speaks for in a room. */
export interface Presence {
  gateway: ServerId;
  seats: SeatRequest[];
  /** The highest tick that its players have seen; absent from a gateway of an older version. */
  newestTick?: number;
}

/** For each player that the owner knows: the lowest number of an input that it lacks. */
export type NextInputs = Readonly<Record<PlayerId, number>>;

export type UpMessage =
  | { kind: "join"; epoch: number; requestId: number; request: SeatRequest }
  | { kind: "input"; epoch: number; player: PlayerId; frame: Uint8Array }
  | { kind: "away"; epoch: number; player: PlayerId; connection: string }
  | { kind: "leave"; epoch: number; player: PlayerId }
  | { kind: "keyframe"; epoch: number }
  | { kind: "presence"; epoch: number; presence: Presence };

export type DownMessage =
  | { kind: "answer"; epoch: number; gateway: ServerId; requestId: number; answer: SeatAnswer }
  | {
      kind: "frame";
      epoch: number;
      tick: number;
      /** Tick of the room's frame before this one: what the delta is a difference to. */
      previousTick: number;
      delta?: Uint8Array;
      keyframe?: Uint8Array;
    }
  | { kind: "path"; epoch: number; owner: ServerLabel; nextInputs?: NextInputs }
  | { kind: "closed"; epoch: number; code: RefusalCode }
  | { kind: "seat-lost"; epoch: number; gateway: ServerId; player: PlayerId; code: RefusalCode };

export type RelayMessage = UpMessage | DownMessage;

/** Readers take this one and its neighbours (format-version.ts); still 1, because the very first readers take nothing but 1. */
const VERSION = 1;
/** At most 16; a newer version's further ones are dropped here. What is added to a message goes into its JSON. */
const KINDS = [
  "join",
  "input",
  "away",
  "leave",
  "keyframe",
  "presence",
  "answer",
  "frame",
  "path",
  "closed",
  "seat-lost",
] as const satisfies RelayMessage["kind"][];
const HEADER_BYTES = 5;
const FRAME_HEADER_BYTES = HEADER_BYTES + 12;
const STRING_MAX_BYTES = 255;
const REFUSAL_LIKE = /^[a-z][a-z-]{0,31}$/;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Throws a RangeError when a string or the whole is longer than a message may be. */
export function encodeRelay(message: RelayMessage): Uint8Array {
  switch (message.kind) {
    case "join":
      return join(message, number(message.requestId), json(message.request));
    case "input":
      return join(message, text(message.player), message.frame);
    case "away":
      return join(message, text(message.player), text(message.connection));
    case "leave":
      return join(message, text(message.player));
    case "keyframe":
      return join(message);
    case "presence":
      return join(message, json(message.presence));
    case "answer":
      return join(message, text(message.gateway), number(message.requestId), json(message.answer));
    case "frame":
      return encodeFrame(message);
    case "path":
      return join(message, json({ ...message.owner, nextInputs: message.nextInputs }));
    case "closed":
      return join(message, text(message.code));
    case "seat-lost":
      return join(message, text(message.gateway), text(message.player), text(message.code));
  }
}

/** The same message in another epoch. */
export function inEpoch(bytes: Uint8Array, epoch: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(1, epoch);
  return copy;
}

/** The hot one, thirty times a second: one allocation. */
function encodeFrame(message: Extract<DownMessage, { kind: "frame" }>): Uint8Array {
  const deltaBytes = message.delta?.length ?? 0;
  const bytes = allocate(message, FRAME_HEADER_BYTES + deltaBytes + (message.keyframe?.length ?? 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(HEADER_BYTES, message.tick);
  view.setUint32(HEADER_BYTES + 4, message.previousTick);
  view.setUint32(HEADER_BYTES + 8, deltaBytes);
  if (message.delta) bytes.set(message.delta, FRAME_HEADER_BYTES);
  if (message.keyframe) bytes.set(message.keyframe, FRAME_HEADER_BYTES + deltaBytes);
  return bytes;
}

export function decodeRelay(bytes: Uint8Array): RelayMessage | undefined {
  if (bytes.length < HEADER_BYTES || bytes.length > RELAY_MESSAGE_MAX_BYTES) return undefined;
  if (!isNeighbour(bytes[0]! >> 4, VERSION)) return undefined;
  const kind = KINDS[bytes[0]! & 15];
  if (!kind) return undefined;
  const reader = new Reader(bytes);
  try {
    return read(kind, reader.number(), reader);
  } catch {
    // The reader throws on whatever is short, wrong or not JSON; to the caller all of it is "not a message".
    return undefined;
  }
}

function read(kind: RelayMessage["kind"], epoch: number, reader: Reader): RelayMessage {
  switch (kind) {
    case "join":
      return { kind, epoch, requestId: reader.number(), request: seatRequest(reader.json()) };
    case "input":
      return { kind, epoch, player: reader.text() as PlayerId, frame: reader.rest() };
    case "away":
      return { kind, epoch, player: reader.text() as PlayerId, connection: reader.text() };
    case "leave":
      return { kind, epoch, player: reader.text() as PlayerId };
    case "keyframe":
      return { kind, epoch };
    case "presence":
      return { kind, epoch, presence: presence(reader.json()) };
    case "answer": {
      const gateway = reader.text() as ServerId;
      return { kind, epoch, gateway, requestId: reader.number(), answer: seatAnswer(reader.json()) };
    }
    case "frame": {
      const tick = reader.number();
      const previousTick = reader.number();
      const delta = reader.bytes(reader.number());
      const keyframe = reader.rest();
      const parts = { ...(delta.length > 0 && { delta }), ...(keyframe.length > 0 && { keyframe }) };
      return { kind, epoch, tick, previousTick, ...parts };
    }
    case "path": {
      const said = reader.json();
      return { kind, epoch, owner: serverLabel(said), ...nextInputs(said) };
    }
    case "closed":
      return { kind, epoch, code: refusalCode(reader.text()) };
    case "seat-lost": {
      const gateway = reader.text() as ServerId;
      const player = reader.text() as PlayerId;
      return { kind, epoch, gateway, player, code: refusalCode(reader.text()) };
    }
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(): number {
    const value = this.#view.getUint32(this.#at);
    this.#at += 4;
    return value;
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("message is short");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  text(): string {
    const length = this.bytes(1)[0]!;
    return decoder.decode(this.bytes(length));
  }

  json(): unknown {
    return JSON.parse(decoder.decode(this.rest()));
  }
}

function allocate(message: RelayMessage, length: number): Uint8Array<ArrayBuffer> {
  if (length > RELAY_MESSAGE_MAX_BYTES) throw new RangeError(`cannot relay a "${message.kind}" of ${length} bytes`);
  const bytes = new Uint8Array(length);
  bytes[0] = (VERSION << 4) | KINDS.indexOf(message.kind);
  new DataView(bytes.buffer).setUint32(1, message.epoch);
  return bytes;
}

function join(message: RelayMessage, ...parts: Uint8Array[]): Uint8Array {
  const bytes = allocate(
    message,
    parts.reduce((length, part) => length + part.length, HEADER_BYTES),
  );
  let at = HEADER_BYTES;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function text(value: string): Uint8Array {
  const body = encoder.encode(value);
  if (body.length > STRING_MAX_BYTES) throw new RangeError(`cannot relay a string of ${body.length} bytes`);
  const bytes = new Uint8Array(1 + body.length);
  bytes[0] = body.length;
  bytes.set(body, 1);
  return bytes;
}

function json(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new TypeError(`not ${what}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** One that only a newer version knows is told as what it comes down to: not now, not here. */
function refusalCode(value: unknown): RefusalCode {
  check(typeof value === "string" && REFUSAL_LIKE.test(value), "a refusal code");
  return Object.hasOwn(REFUSALS, value) ? (value as RefusalCode) : "unavailable";
}

function serverLabel(value: unknown): ServerLabel {
  check(isObject(value) && typeof value.id === "string" && typeof value.version === "string", "a server label");
  return { id: value.id, version: value.version };
}

function nextInputs(value: unknown): { nextInputs?: NextInputs } {
  const found = isObject(value) ? value.nextInputs : undefined;
  if (found === undefined) return {};
  check(isObject(found) && Object.values(found).every(Number.isSafeInteger), "numbers of inputs");
  return { nextInputs: found as NextInputs };
}

function seatRequest(value: unknown): SeatRequest {
  check(isObject(value), "a seat request");
  for (const field of ["player", "name", "gateway", "connection"])
    check(typeof value[field] === "string", "a seat request");
  check(value.replaces === undefined || typeof value.replaces === "string", "a seat request");
  check(value.areas === undefined || typeof value.areas === "boolean", "a seat request");
  return value as unknown as SeatRequest;
}

function seatAnswer(value: unknown): SeatAnswer {
  check(isObject(value), "a seat answer");
  if (value.ok === false) return { ok: false, code: refusalCode(value.code) };
  check(value.ok === true && Number.isInteger(value.seat) && typeof value.resumed === "boolean", "a seat answer");
  check(Number.isInteger(value.inputsReceived) && isObject(value.roster), "a seat answer");
  return value as unknown as SeatAnswer;
}

function presence(value: unknown): Presence {
  check(isObject(value) && typeof value.gateway === "string" && Array.isArray(value.seats), "a presence");
  check(value.seats.length <= PRESENCE_PLAYERS_MAX, "a presence of allowed size");
  const { newestTick } = value;
  check(newestTick === undefined || isTick(newestTick), "a tick");
  const seats = value.seats.map(seatRequest);
  return { gateway: value.gateway as ServerId, seats, ...(newestTick !== undefined && { newestTick }) };
}

function isTick(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= COUNTER_MAX;
}
