// A snapshot as bytes: a header of whole bytes that anybody may read, then bits. A keyframe is the difference to an empty view.
// An arena's is the same with wider places; it goes between servers only, players get area frames (area-encoder.ts).
//
//   kind | varint epoch | varint rosterVersion | varint tick | delta only: varint tick - baseTick
//   frame    see frame-fields
//   seats    1 as in the base · 0, a bit for each seat: occupied?
//   boats    each occupied seat: see boat-codec
//   pearls   see pearl-codec
//   events   count, then each: see event-codec
//   reports  count, then each: seat, see report-codec

import { type WatersKind, watersOf } from "../sim/waters.ts";
import type { BoatState, GameEvent, View } from "../sim/world.ts";
import { BitReader } from "./bit-reader.ts";
import { BitWriter } from "./bit-writer.ts";
import { NO_BOAT, readBoat, writeBoat } from "./boat-codec.ts";
import { readEvent, writeEvent } from "./event-codec.ts";
import { frameFieldsOf, readFrameFields, writeFrameFields } from "./frame-fields.ts";
import { ARENA_DELTA_KIND, ARENA_KEYFRAME_KIND, DELTA_KIND, frameKindOf, KEYFRAME_KIND } from "./frame-kind.ts";
import {
  ARENA_FRAME_MAX_BYTES,
  COUNTER_MAX,
  SNAPSHOT_BOATS_MAX,
  SNAPSHOT_EVENTS_MAX,
  SNAPSHOT_FRAME_MAX_BYTES,
  SNAPSHOT_PEARLS_MAX,
  SNAPSHOT_REPORTS_MAX,
} from "./limits.ts";
import type { SeatReport, Snapshot } from "./messages.ts";
import { readPearls, writePearls } from "./pearl-codec.ts";
import { ProtocolError } from "./protocol-error.ts";
import { readReport, writeReport } from "./report-codec.ts";

/** What a room says after a tick. */
export interface SnapshotContent {
  epoch: number;
  rosterVersion: number;
  view: View;
  events: readonly GameEvent[];
  reports: readonly SeatReport[];
}

export interface SnapshotToEncode extends SnapshotContent {
  /** The view that the receiver has; without it a keyframe is made. */
  base?: View | undefined;
}

export interface SnapshotHeader {
  waters: WatersKind;
  /** Only a part of an arena (area-decoder.ts). */
  area: boolean;
  keyframe: boolean;
  epoch: number;
  rosterVersion: number;
  tick: number;
  /** Equal to `tick` for a keyframe. */
  baseTick: number;
}

const NOTHING = { tick: 0, seed: 0, phase: "playing", phaseEndsAtTick: 0, round: 0, boats: [], pearls: [] } as const;
/** What keyframes are differences to. */
export const EMPTY_VIEWS: Readonly<Record<WatersKind, View>> = {
  basin: { ...NOTHING, waters: "basin", boats: [], pearls: [] },
  arena: { ...NOTHING, waters: "arena", boats: [], pearls: [] },
};
const FRAME_MAX_BYTES: Readonly<Record<WatersKind, number>> = {
  basin: SNAPSHOT_FRAME_MAX_BYTES,
  arena: ARENA_FRAME_MAX_BYTES,
};
const COUNT_ORDER = 0;
const SEATS_ORDER = 5;

const writer = new BitWriter();

/** One encoding serves every listener. The base must not be younger than the view. Throws a RangeError on a view beyond the limits. */
export function encodeSnapshot(snapshot: SnapshotToEncode): Uint8Array {
  const { view, base } = snapshot;
  const waters = watersOf(view.waters);
  checkSize(snapshot);
  writer.reset();
  writer.byte(kindByteOf(view.waters, base !== undefined));
  writer.varint(snapshot.epoch);
  writer.varint(snapshot.rosterVersion);
  writer.varint(view.tick);
  if (base) writer.varint(view.tick - base.tick);
  writeView(base ?? EMPTY_VIEWS[view.waters], view);
  writer.golomb(snapshot.events.length, COUNT_ORDER);
  for (const event of snapshot.events) writeEvent(writer, event, view.boats, waters);
  writer.golomb(snapshot.reports.length, COUNT_ORDER);
  for (const report of snapshot.reports) {
    writer.golomb(report.seat, SEATS_ORDER);
    writeReport(writer, report);
  }
  const bytes = writer.finish();
  if (bytes.length > FRAME_MAX_BYTES[view.waters])
    throw new RangeError(`cannot encode a snapshot of ${bytes.length} bytes`);
  return bytes;
}

/**
 * The snapshot in those bytes. A delta needs the view of its baseTick as `base`; a keyframe needs none. Throws a ProtocolError on anything
 * that is not a snapshot of this codec version, and on another base than the delta was made from.
 */
export function decodeSnapshot(bytes: Uint8Array, base?: View): Snapshot {
  const reader = new BitReader(bytes);
  const header = readHeader(reader, bytes);
  if (header.area) throw new ProtocolError("not a whole snapshot");
  if (bytes.length > FRAME_MAX_BYTES[header.waters]) throw new ProtocolError("the snapshot is too large");
  if (!header.keyframe && base && base.waters !== header.waters) throw new ProtocolError("the base is of other waters");
  if (!header.keyframe && base?.tick !== header.baseTick) {
    throw new ProtocolError(
      `the delta is to tick ${header.baseTick}, the base is ${base ? `tick ${base.tick}` : "missing"}`,
    );
  }
  const view = readView(reader, header.keyframe || !base ? EMPTY_VIEWS[header.waters] : base, header.tick);
  const waters = watersOf(view.waters);
  const events: GameEvent[] = [];
  for (let left = reader.golomb(COUNT_ORDER, SNAPSHOT_EVENTS_MAX); left > 0; left--)
    events.push(readEvent(reader, view.boats, waters));
  const reports: SeatReport[] = [];
  for (let left = reader.golomb(COUNT_ORDER, SNAPSHOT_REPORTS_MAX); left > 0; left--) {
    reports.push(readReport(reader, reader.golomb(SEATS_ORDER, SNAPSHOT_BOATS_MAX - 1)));
  }
  reader.finish();
  return { epoch: header.epoch, baseTick: header.baseTick, rosterVersion: header.rosterVersion, view, events, reports };
}

/** What a relay or a buffer has to know of a snapshot, without a base; `undefined` if it is none. */
export function readSnapshotHeader(bytes: Uint8Array): SnapshotHeader | undefined {
  try {
    return readHeader(new BitReader(bytes), bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

export function readHeader(reader: BitReader, bytes: Uint8Array): SnapshotHeader {
  const kind = frameKindOf(bytes);
  if (kind === undefined || kind === "input") throw new ProtocolError("not a snapshot of this codec version");
  reader.byte();
  const epoch = reader.varint(COUNTER_MAX);
  const rosterVersion = reader.varint(COUNTER_MAX);
  const tick = reader.varint(COUNTER_MAX);
  const area = kind === "area";
  const waters = area || kind === "arena-delta" || kind === "arena-keyframe" ? "arena" : "basin";
  const isWhole = kind === "keyframe" || kind === "arena-keyframe";
  const baseTick = isWhole ? tick : tick - reader.varint(tick);
  // An area frame says by its base whether it has one.
  return { waters, area, keyframe: area ? baseTick === tick : isWhole, epoch, rosterVersion, tick, baseTick };
}

function kindByteOf(waters: WatersKind, isDelta: boolean): number {
  if (waters === "arena") return isDelta ? ARENA_DELTA_KIND : ARENA_KEYFRAME_KIND;
  return isDelta ? DELTA_KIND : KEYFRAME_KIND;
}

function writeView(base: View, view: View): void {
  writeFrameFields(writer, frameFieldsOf(base), frameFieldsOf(view), view.tick);
  const areSeatsSame = view.boats.every((boat, index) => (boat === null) === ((base.boats[index] ?? null) === null));
  writer.bit(areSeatsSame);
  if (!areSeatsSame) for (const boat of view.boats) writer.bit(boat !== null);
  const ticks = view.tick - base.tick;
  const waters = watersOf(view.waters);
  for (let index = 0; index < view.boats.length; index++) {
    const boat = view.boats[index];
    const before = base.boats[index];
    if (boat) writeBoat(writer, before ?? NO_BOAT, before ? ticks : 0, boat, waters);
  }
  writePearls(writer, base.pearls, view.pearls, waters);
}

function readView(reader: BitReader, base: View, tick: number): View {
  const { seats, ...fields } = readFrameFields(reader, frameFieldsOf(base), tick);
  const view: View = { ...base, ...fields, tick, boats: [], pearls: [] };
  const areSeatsSame = reader.bit();
  const occupied: boolean[] = [];
  for (let index = 0; index < seats; index++) occupied.push(areSeatsSame ? Boolean(base.boats[index]) : reader.bit());
  const ticks = tick - base.tick;
  const waters = watersOf(view.waters);
  view.boats = occupied.map((isOccupied, index): BoatState | null => {
    const before = base.boats[index];
    return isOccupied ? readBoat(reader, before ?? NO_BOAT, before ? ticks : 0, waters) : null;
  });
  view.pearls = readPearls(reader, base.pearls, waters);
  return view;
}

function checkSize({ view, events, reports }: SnapshotToEncode): void {
  const isWithin =
    view.boats.length <= SNAPSHOT_BOATS_MAX &&
    view.pearls.length <= SNAPSHOT_PEARLS_MAX &&
    events.length <= SNAPSHOT_EVENTS_MAX &&
    reports.length <= SNAPSHOT_REPORTS_MAX;
  if (!isWithin) throw new RangeError("cannot encode a snapshot beyond its limits");
}
