// Has a socket read into one buffer that all of them share, instead of allocating 64 KiB for each read. It is what
// `net.connect({ onread })` does; accepted sockets have no public way to it, so this reaches for net's own slots, and
// stays with ordinary reads where a version of Node does not have them (docs/decisions/0007-tunnels-beside-streams.md).

import { Socket } from "node:net";
import { limits } from "../limits.ts";

/** What `net` keeps on a socket for `onread`. */
type Slots = Record<symbol, unknown> & { _handle?: { useUserBuffer?(buffer: Uint8Array): void } | null };

const symbols = Object.getOwnPropertySymbols(new Socket());
const slotNamed = (name: string) => symbols.find((each) => each.description === name);
const [buffer, onRead, nextBuffer] = ["kBuffer", "kBufferCb", "kBufferGen"].map(slotNamed);

let shared: Buffer | undefined;
/** Its first n bytes, for the n of small messages: making a view costs more than the rest of a read's JavaScript. */
const beginnings: Buffer[] = [];

function beginning(of: Buffer, bytes: number): Buffer {
  if (bytes >= limits.keptReadViews) return of.subarray(0, bytes);
  beginnings[bytes] ??= of.subarray(0, bytes);
  return beginnings[bytes];
}

export interface Reader {
  /** False stops reading until `socket._read(0)`. The chunk is the reader's until this returns, or `holds` says no more. */
  take(chunk: Buffer): boolean;
  /** The chunk taken last is still needed: the next read must not overwrite it. */
  holds(): boolean;
}

/** From now on what the socket reads goes to `reader` alone. The result ends that: what comes then is dropped. */
export function readShared(socket: Socket, reader: Reader): () => void {
  const slots = socket as unknown as Slots;
  if (!buffer || !onRead || !nextBuffer || !slots._handle?.useUserBuffer) return readChunks(socket, reader);
  shared ??= Buffer.allocUnsafeSlow(limits.tunnelReadBytes);
  const common = shared;
  slots[buffer] = common;
  slots[onRead] = (bytes: number, from: Buffer) =>
    reader.take(from === common ? beginning(common, bytes) : from.subarray(0, bytes));
  slots[nextBuffer] = () => {
    if (reader.holds()) return Buffer.allocUnsafeSlow(limits.tunnelReadBytes);
    return slots[buffer] === common ? undefined : common;
  };
  slots._handle.useUserBuffer(common);
  return () => {
    slots[onRead] = () => true;
    slots[nextBuffer] = null;
  };
}

/** The same from a buffer for each read. */
export function readChunks(socket: Socket, reader: Reader): () => void {
  socket.push = (chunk: Buffer | null) =>
    chunk === null ? Socket.prototype.push.call(socket, null) : reader.take(chunk);
  return () => Reflect.deleteProperty(socket, "push");
}
