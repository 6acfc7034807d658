// Players of one process that sit in the same room get the same bytes: they are decoded once. Saves the process's time, not the servers'.

import { decodeSnapshot, type Snapshot } from "../../game/protocol/index.ts";
import type { View } from "../../game/sim/index.ts";
import type { Decode } from "../netcode/snapshot-buffer.ts";

/** Decoded snapshots that are remembered: some ticks of many rooms. */
export const DECODED_MAX = 512;

interface Decoded {
  bytes: Uint8Array;
  base: View | undefined;
  snapshot: Snapshot;
}

export function sharedDecode(): Decode {
  const known = new Map<string, Decoded[]>();
  let count = 0;
  return (bytes, base) => {
    // Most of what differs between two snapshots is near the front: kind, epoch, tick, the first boats.
    const key = `${bytes.length}:${bytes.subarray(0, 16).join()}`;
    const alike = known.get(key) ?? [];
    const same = alike.find((decoded) => decoded.base === base && equal(decoded.bytes, bytes));
    if (same) return same.snapshot;
    const snapshot = decodeSnapshot(bytes, base);
    if (count >= DECODED_MAX) {
      known.clear();
      count = 0;
    }
    known.set(key, [...alike, { bytes, base, snapshot }]);
    count += 1;
    return snapshot;
  };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
