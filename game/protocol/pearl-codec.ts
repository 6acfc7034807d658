// The pearls of a view as the difference to those of its base: which are gone, and which follow at the end.
//
//   1                      the same
//   0 | count of gone, then for each how many pearls were skipped since the last one gone
//     | count of new, then for each: id (signed difference to the one before), x, y (18 bits each, in an arena 20)

import type { Waters } from "../sim/waters.ts";
import type { Pearl } from "../sim/world.ts";
import type { BitReader } from "./bit-reader.ts";
import type { BitWriter } from "./bit-writer.ts";
import { readPlace, writePlace } from "./event-codec.ts";
import { COUNTER_MAX, SNAPSHOT_PEARLS_MAX } from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

const COUNT_ORDER = 0;
const SKIP_ORDER = 4;
const ID_ORDER = 1;

/** Answers whether they are the same. */
export function writePearls(
  writer: BitWriter,
  base: readonly Pearl[],
  pearls: readonly Pearl[],
  waters: Waters,
): boolean {
  const skips: number[] = [];
  let kept = 0;
  let skipped = 0;
  for (const pearl of base) {
    if (isSame(pearl, pearls[kept])) {
      kept += 1;
      skipped += 1;
    } else {
      skips.push(skipped);
      skipped = 0;
    }
  }
  const isUnchanged = skips.length === 0 && kept === pearls.length;
  writer.bit(isUnchanged);
  if (isUnchanged) return true;
  writer.golomb(skips.length, COUNT_ORDER);
  for (const skip of skips) writer.golomb(skip, SKIP_ORDER);
  writer.golomb(pearls.length - kept, COUNT_ORDER);
  let lastId = pearls[kept - 1]?.id ?? 0;
  for (let index = kept; index < pearls.length; index++) {
    const pearl = pearls[index]!;
    writer.signed(pearl.id - lastId, ID_ORDER);
    writePlace(writer, pearl, waters);
    lastId = pearl.id;
  }
  return false;
}

export function readPearls(reader: BitReader, base: readonly Pearl[], waters: Waters): Pearl[] {
  if (reader.bit()) return base.slice();
  const pearls: Pearl[] = [];
  let at = 0;
  for (let gone = reader.golomb(COUNT_ORDER, base.length); gone > 0; gone--) {
    const skipped = reader.golomb(SKIP_ORDER, base.length);
    if (at + skipped >= base.length) throw new ProtocolError("a pearl is gone that was not there");
    for (const end = at + skipped; at < end; at++) pearls.push(base[at]!);
    at += 1;
  }
  for (; at < base.length; at++) pearls.push(base[at]!);
  const added = reader.golomb(COUNT_ORDER, SNAPSHOT_PEARLS_MAX);
  let lastId = pearls.at(-1)?.id ?? 0;
  for (let index = 0; index < added; index++) {
    const id = lastId + reader.signed(ID_ORDER, COUNTER_MAX);
    if (id < 0 || id > COUNTER_MAX) throw new ProtocolError("a pearl's id is out of range");
    pearls.push({ id, ...readPlace(reader, waters) });
    lastId = id;
  }
  if (pearls.length > SNAPSHOT_PEARLS_MAX) throw new ProtocolError("there are too many pearls");
  return pearls;
}

function isSame(a: Pearl, b: Pearl | undefined): boolean {
  return b !== undefined && a.id === b.id && a.x === b.x && a.y === b.y;
}
