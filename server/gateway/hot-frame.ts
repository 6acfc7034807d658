// The one kind of WebSocket frame that players send thirty times a second, read out of what a socket has read: whole, final, masked, binary, short.
// Everything else is left to ws.
//
//   0x82 | 0x80 + length (0 … 125) | mask (4 bytes) | length bytes

const BINARY_FINAL = 0x82;
const MASKED = 0x80;
const LENGTH_IN_7_BITS_MAX = 125;
const HEAD_BYTES = 6;

export interface HotFrame {
  /** Unmasked, and the reader's own. */
  message: Buffer;
  /** Where the next frame begins. */
  end: number;
}

/** Whether such a frame begins at `at` and ends no later than `until`; then it is in `into`. */
export function readHotFrame(bytes: Buffer, at: number, until: number, into: HotFrame): boolean {
  if (until - at < HEAD_BYTES || bytes[at] !== BINARY_FINAL) return false;
  const length = bytes[at + 1]! - MASKED;
  const start = at + HEAD_BYTES;
  if (length < 0 || length > LENGTH_IN_7_BITS_MAX || until - start < length) return false;
  const message = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index++) message[index] = bytes[start + index]! ^ bytes[at + 2 + (index & 3)]!;
  into.message = message;
  into.end = start + length;
  return true;
}
