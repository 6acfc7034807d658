// Bytes made smaller for the way to another server, as fast as it goes: a room stands still meanwhile. Beside `clock.ts` what `room/` may know of Node.

import { deflateSync, inflateSync } from "node:zlib";

/** zlib's fastest. */
const LEVEL = 1;
/** What zlib deflates begins with this. */
const FIRST_BYTE = 0x78;

export function deflate(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(deflateSync(bytes, { level: LEVEL }));
}

export function isDeflated(bytes: Uint8Array): boolean {
  return bytes[0] === FIRST_BYTE;
}

/** Throws if that is not what it is, or would be larger than `maxBytes`. */
export function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return inflateSync(bytes, { maxOutputLength: maxBytes });
}
