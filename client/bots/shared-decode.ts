// Players of one process that sit in the same room get the same bytes: they are decoded once. Saves the process's time, not the servers'.

import { type AreaBase, type AreaSnapshot, decodeArea, decodeSnapshot } from "../../game/protocol/index.ts";
import type { Decode } from "../netcode/snapshot-buffer.ts";

/** Decoded frames that are remembered: some ticks of many rooms, or of all corners of an arena. */
export const DECODED_MAX = 1024;

interface Decoded<Base, Result> {
  bytes: Uint8Array;
  base: Base | undefined;
  result: Result;
}

type DecodeOf<Base, Result> = (bytes: Uint8Array, base: Base | undefined) => Result;

export function sharedDecode(): Decode {
  return shared(decodeSnapshot);
}

/** The same for area frames. */
export function sharedAreaDecode(): DecodeOf<AreaBase, AreaSnapshot> {
  const bases = new Map<string, AreaBase>();
  return shared((bytes, base) => {
    const decoded = decodeArea(bytes, base);
    // Whoever hears a stream from a cell knows the same after a tick, wherever it came from: from then on they share.
    const { epoch, stream, tick, cell } = decoded.base;
    const key = `${epoch} ${stream} ${tick} ${cell}`;
    const known = bases.get(key);
    if (known) return { ...decoded, base: known };
    if (bases.size >= DECODED_MAX) bases.clear();
    bases.set(key, decoded.base);
    return decoded;
  });
}

/** The same bytes to the same base are decoded once. */
function shared<Base, Result>(decode: DecodeOf<Base, Result>): DecodeOf<Base, Result> {
  const known = new Map<string, Decoded<Base, Result>[]>();
  let count = 0;
  return (bytes, base) => {
    // Most of what differs between two frames is near the front: kind, epoch, tick, the cell, the first boats.
    const key = `${bytes.length}:${bytes.subarray(0, 16).join()}`;
    const alike = known.get(key) ?? [];
    const same = alike.find((decoded) => decoded.base === base && equal(decoded.bytes, bytes));
    if (same) return same.result;
    const result = decode(bytes, base);
    if (count >= DECODED_MAX) {
      known.clear();
      count = 0;
    }
    known.set(key, [...alike, { bytes, base, result }]);
    count += 1;
    return result;
  };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
