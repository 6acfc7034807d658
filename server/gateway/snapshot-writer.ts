// The hot way out: a snapshot becomes one WebSocket frame, once, and the same buffer is written to every socket that can take it.

import type { Socket } from "socket.io";

const BINARY_FINAL = 0x82;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_7_BITS_MAX = 125;
const LENGTH_IN_16_BITS_MAX = 0xffff;

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

/** True when the kernel took everything that was written before: a snapshot does not have to wait in a queue. */
export function isDrained(socket: Socket): boolean {
  return socket.conn.readyState === "open" && socket.conn.transport.writable;
}

export function writeFrame(socket: Socket, { payload, frame }: WireFrame): void {
  // Engine.IO hands a pre-encoded frame to the socket as it is; the options object is its own, it writes into it.
  const options = { compress: false, wsPreEncodedFrame: [frame] };
  socket.conn.write(payload as Buffer, options as Parameters<typeof socket.conn.write>[1]);
}
