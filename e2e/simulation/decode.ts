// Players whose sockets are on one server get the same bytes object: it is decoded once for each view that it is a difference to.

import type { Decode } from "../../client/netcode/snapshot-buffer.ts";
import { decodeSnapshot, type Snapshot } from "../../game/protocol/index.ts";
import type { View } from "../../game/sim/index.ts";

export function decodeOnce(): Decode {
  const known = new WeakMap<Uint8Array, { base: View | undefined; snapshot: Snapshot }>();
  return (bytes, base) => {
    const before = known.get(bytes);
    if (before && before.base === base) return before.snapshot;
    const snapshot = decodeSnapshot(bytes, base);
    known.set(bytes, { base, snapshot });
    return snapshot;
  };
}
