// A snapshot becomes one WebSocket frame, once; the same buffer is written to every socket that can take it.

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
