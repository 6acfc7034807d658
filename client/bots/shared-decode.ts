// Players of one process that sit in the same room get the same bytes: they are decoded once. Saves the process's time, not the servers'.

import {
  type AreaHeader,
  CELL_READER,
  type Cell,
  type CellReader,
  decodeArea,
  decodeSnapshot,
  type Snapshot,
} from "../../game/protocol/index.ts";
import type { GameEvent, View } from "../../game/sim/index.ts";
import type { DecodeArea } from "../netcode/areas.ts";
import type { Decode } from "../netcode/snapshot-buffer.ts";

/** Decoded snapshots that are remembered: some ticks of many rooms. */
export const DECODED_MAX = 512;
/** Ticks of streams of which the decoded cells are remembered: players of a process hear them within a few ticks of each other. */
const MOMENTS_MAX = 32;

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

/** Of an arena's frames hardly two are the same, but they consist of the same cells. */
export function sharedAreaDecode(): DecodeArea {
  const moments = new Map<string, CellReader>();
  const readerOf = ({ epoch, stream, tick }: AreaHeader): CellReader => {
    const key = `${epoch} ${stream} ${tick}`;
    const known = moments.get(key);
    if (known) return known;
    const made = sharedCells();
    moments.set(key, made);
    if (moments.size > MOMENTS_MAX) moments.delete(moments.keys().next().value!);
    return made;
  };
  return (bytes, base) => decodeArea(bytes, base, readerOf);
}

interface DecodedPart {
  /** What the part is a difference to: the cell a tick ago, or nothing. */
  known: Cell;
  bytes: Uint8Array;
  events: readonly GameEvent[];
}

/** The cells of one tick of a stream. */
function sharedCells(): CellReader {
  const cells = new Map<number, Cell>();
  const parts = new Map<number, DecodedPart[]>();
  /** Whatever it was learnt from, a cell is the same for all: so it is one object, and the next difference to it is found. */
  const theCell = (index: number, make: () => Cell): Cell => {
    const cell = cells.get(index) ?? make();
    cells.set(index, cell);
    return cell;
  };
  return {
    told(index, known, reader, bytes) {
      const alike = parts.get(index) ?? [];
      const same = alike.find((part) => part.known === known && reader.skipIfNext(part.bytes));
      if (same) return { cell: cells.get(index)!, events: same.events };
      const from = reader.atByte;
      const { cell, events } = CELL_READER.told(index, known, reader, bytes);
      parts.set(index, [...alike, { known, bytes: bytes.slice(from, reader.atByte), events }]);
      return { cell: theCell(index, () => cell), events };
    },
    untold: (index, known) => theCell(index, () => CELL_READER.untold(index, known)),
  };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
