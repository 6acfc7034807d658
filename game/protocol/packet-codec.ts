// The pure heart of a Socket.IO parser. The two hot messages, ["input", bytes] and ["snapshot", bytes], travel as the bare bytes of one
// binary frame (the default parser makes two frames of them); everything else is text as Socket.IO has it: type, namespace, id, JSON.
//
//   2["ping",7]      2/,3["join",{…}] never: "/" is left out      23["join",{…}] with ack id 3      33[{…}] its answer

import { frameKindOf } from "./frame-kind.ts";
import {
  AREA_FRAME_MAX_BYTES,
  COUNTER_MAX,
  EVENT_NAME_MAX_UNITS,
  INPUT_FRAME_MAX_BYTES,
  NAMESPACE_MAX_UNITS,
  PACKET_DEPTH_MAX,
  PACKET_TEXT_MAX_UNITS,
  SNAPSHOT_FRAME_MAX_BYTES,
} from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Socket.IO's numbers. Its two binary types, 5 and 6, do not exist here. */
export const PACKET_TYPES = { CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4 } as const;

/** A packet as socket.io's own code makes and takes it. */
export interface Packet {
  type: number;
  nsp: string;
  data?: unknown;
  id?: number;
}

/** Names that Socket.IO keeps for itself, and the hot ones, which never come as text. */
const RESERVED_EVENTS: ReadonlySet<string> = new Set([
  ...["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"],
  ...["input", "snapshot"],
]);

const TEXT_PACKET = /^([0-4])(?:(\/[A-Za-z0-9_-]+),)?(0|[1-9][0-9]{0,9})?/;

/** Throws a TypeError on bytes anywhere but in a hot message: they would not arrive. */
export function encodePacket(packet: Packet): string | Uint8Array {
  const hot = hotBytesOf(packet);
  if (hot) return hot;
  const namespace = packet.nsp === "/" ? "" : `${packet.nsp},`;
  const id = packet.id === undefined ? "" : String(packet.id);
  const data = packet.data === undefined ? "" : JSON.stringify(packet.data, refuseBytes);
  return `${packet.type}${namespace}${id}${data}`;
}

/** Throws a ProtocolError on anything that is not a packet within its limits. */
export function decodePacket(data: string | Uint8Array | ArrayBuffer): Packet {
  return typeof data === "string"
    ? decodeText(data)
    : decodeHot(data instanceof Uint8Array ? data : new Uint8Array(data));
}

function hotBytesOf(packet: Packet): Uint8Array | undefined {
  const { type, nsp, data, id } = packet;
  if (type !== PACKET_TYPES.EVENT || nsp !== "/" || id !== undefined) return undefined;
  if (!Array.isArray(data) || data.length !== 2) return undefined;
  const [name, bytes] = data;
  return (name === "snapshot" || name === "input") && bytes instanceof Uint8Array ? bytes : undefined;
}

function refuseBytes(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    throw new TypeError("cannot send bytes in a text packet");
  return value;
}

const FRAME_MAX_BYTES = {
  input: INPUT_FRAME_MAX_BYTES,
  delta: SNAPSHOT_FRAME_MAX_BYTES,
  keyframe: SNAPSHOT_FRAME_MAX_BYTES,
  area: AREA_FRAME_MAX_BYTES,
};

function decodeHot(bytes: Uint8Array): Packet {
  const kind = frameKindOf(bytes);
  if (kind === undefined || kind === "arena-delta" || kind === "arena-keyframe")
    throw new ProtocolError("a binary frame is of no known kind and version");
  const name = kind === "input" ? "input" : "snapshot";
  if (bytes.length > FRAME_MAX_BYTES[kind]) {
    throw new ProtocolError(`the ${name} frame is too large`);
  }
  return { type: PACKET_TYPES.EVENT, nsp: "/", data: [name, bytes] };
}

function decodeText(text: string): Packet {
  if (text.length > PACKET_TEXT_MAX_UNITS) throw new ProtocolError("the packet is too long");
  const head = TEXT_PACKET.exec(text);
  if (!head) throw new ProtocolError("the packet has no valid head");
  const packet: Packet = { type: Number(head[1]), nsp: head[2] ?? "/" };
  if (packet.nsp.length > NAMESPACE_MAX_UNITS) throw new ProtocolError("the namespace is too long");
  if (head[3] !== undefined) packet.id = Number(head[3]);
  if (packet.id !== undefined && packet.id > COUNTER_MAX) throw new ProtocolError("the id is out of range");
  const json = text.slice(head[0].length);
  if (json !== "") packet.data = parseJson(json);
  checkShape(packet);
  return packet;
}

function parseJson(json: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) throw new ProtocolError("the packet is not JSON");
    throw error;
  }
  checkContent(value, PACKET_DEPTH_MAX);
  return value;
}

function checkContent(value: unknown, depthLeft: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depthLeft === 0) throw new ProtocolError("the packet is nested too deeply");
  if (Object.hasOwn(value, "_placeholder")) throw new ProtocolError("binary attachments are not spoken here");
  for (const inner of Object.values(value)) checkContent(inner, depthLeft - 1);
}

function checkShape(packet: Packet): void {
  const { type, data, id } = packet;
  const mayHaveId = type === PACKET_TYPES.EVENT || type === PACKET_TYPES.ACK;
  if (id !== undefined && !mayHaveId) throw new ProtocolError("this type of packet has no id");
  switch (type) {
    case PACKET_TYPES.CONNECT:
      if (data !== undefined && !isRecord(data)) throw new ProtocolError("a connect's data is not an object");
      return;
    case PACKET_TYPES.DISCONNECT:
      if (data !== undefined) throw new ProtocolError("a disconnect has no data");
      return;
    case PACKET_TYPES.EVENT:
      if (!Array.isArray(data) || !isEventName(data[0])) throw new ProtocolError("an event has no valid name");
      return;
    case PACKET_TYPES.ACK:
      if (!Array.isArray(data) || id === undefined) throw new ProtocolError("an answer needs an id and a list");
      return;
    case PACKET_TYPES.CONNECT_ERROR:
      if (!isRecord(data)) throw new ProtocolError("a connect error's data is not an object");
      return;
    default:
      throw new ProtocolError("the packet's type is unknown");
  }
}

function isEventName(name: unknown): boolean {
  return (
    typeof name === "string" && name.length > 0 && name.length <= EVENT_NAME_MAX_UNITS && !RESERVED_EVENTS.has(name)
  );
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
