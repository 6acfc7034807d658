// The hot way out: a snapshot becomes one WebSocket frame, once, and the same buffer is written to every socket that can take it.

import type { Socket } from "socket.io";

const BINARY_FINAL = 0x82;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_7_BITS_MAX = 125;
const LENGTH_IN_16_BITS_MAX = 0xffff;
/** More packets than this in Engine.IO's own queue: the socket is behind. */
const QUEUED_PACKETS_MAX = 8;

/** An encoded snapshot and its WebSocket frame (unmasked, as a server sends it) in one buffer. */
export interface WireFrame {
  payload: Uint8Array;
  frame: Buffer;
}

export function toWireFrame(payload: Uint8Array): WireFrame {
  if (payload.length > LENGTH_IN_16_BITS_MAX)
    throw new RangeError(`cannot frame a snapshot of ${payload.length} bytes`);
  const long = payload.length > LENGTH_IN_7_BITS_MAX;
  const headBytes = long ? 4 : 2;
  const frame = Buffer.allocUnsafe(headBytes + payload.length);
  frame[0] = BINARY_FINAL;
  frame[1] = long ? LENGTH_IN_16_BITS : payload.length;
  if (long) frame.writeUInt16BE(payload.length, 2);
  frame.set(payload, headBytes);
  return { payload, frame };
}

/**
 * True when the kernel took everything that was written before: a snapshot does not have to wait in a queue. Engine.IO's own
 * `writable` is false until the next round of the event loop, also when the kernel took all at once; a roster in the same tick, or a
 * second tick made up for, would then cost a snapshot.
 */
export function isDrained(socket: Socket): boolean {
  const { conn } = socket;
  if (conn.readyState !== "open" || queuedPackets(conn) > QUEUED_PACKETS_MAX) return false;
  return (conn.transport as unknown as { socket: { bufferedAmount: number } }).socket.bufferedAmount === 0;
}

/** Packets that Engine.IO holds back until its transport says that the last write was called back. */
function queuedPackets(conn: Socket["conn"]): number {
  return (conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;
}

export function writeFrame(socket: Socket, { payload, frame }: WireFrame): void {
  // Engine.IO hands a pre-encoded frame to the socket as it is; the options object is its own, it writes into it.
  const options = { compress: false, wsPreEncodedFrame: [frame] };
  socket.conn.write(payload as Buffer, options as Parameters<typeof socket.conn.write>[1]);
}
