// Has a socket read into one buffer that all of them share, instead of allocating 64 KiB for each read. It is what
// `net.connect({ onread })` does; accepted sockets have no public way to it, so this reaches for net's own slots, and
// stays with ordinary reads where a version of Node does not have them (docs/decisions/0007-tunnels-beside-streams.md).

import { Socket } from "node:net";
import { limits } from "../limits.ts";

/** What `net` keeps on a socket for `onread`. */
type Slots = Record<symbol, unknown> & { _handle?: { useUserBuffer?(buffer: Uint8Array): void } | null };

const symbols = Object.getOwnPropertySymbols(new Socket());
const slotNamed = (name: string) => symbols.find((each) => each.description === name);
const [buffer, onRead] = ["kBuffer", "kBufferCb"].map(slotNamed);

let shared: Buffer | undefined;
/** Its first n bytes, for the n of small messages: making a view costs more than the rest of a read's JavaScript. */
const beginnings: Buffer[] = [];

function beginning(of: Buffer, bytes: number): Buffer {
  if (bytes >= limits.keptReadViews) return of.subarray(0, bytes);
  beginnings[bytes] ??= of.subarray(0, bytes);
  return beginnings[bytes];
}

/** False stops reading until `socket._read(0)`. The chunk is the reader's only until it returns. */
export type TakeChunk = (chunk: Buffer) => boolean;

/** From now on what the socket reads goes to `take` alone. The result ends that: what comes then is dropped. */
export function readShared(socket: Socket, take: TakeChunk): () => void {
  const slots = socket as unknown as Slots;
  if (!buffer || !onRead || !slots._handle?.useUserBuffer) return readChunks(socket, take);
  shared ??= Buffer.allocUnsafeSlow(limits.tunnelReadBytes);
  slots[buffer] = shared;
  slots[onRead] = (bytes: number, from: Buffer) => take(beginning(from, bytes));
  slots._handle.useUserBuffer(shared);
  return () => {
    slots[onRead] = () => true;
  };
}

/** The same from a buffer for each read. */
function readChunks(socket: Socket, take: TakeChunk): () => void {
  socket.push = (chunk: Buffer | null) => (chunk === null ? Socket.prototype.push.call(socket, null) : take(chunk));
  return () => Reflect.deleteProperty(socket, "push");
}
