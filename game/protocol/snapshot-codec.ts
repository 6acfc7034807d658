// A snapshot as bytes: a header of whole bytes that anybody may read, then bits. A keyframe is the difference to an empty view.
// An arena's is the same with wider places; it goes between servers only, players get area frames (area-encoder.ts).
//
//   kind | varint epoch | varint rosterVersion | varint tick | delta only: varint tick - baseTick
//   frame    1 as in the base · 0, seed (32), podium? (1), tick - phase's end, round, number of seats
//   seats    1 as in the base · 0, a bit for each seat: occupied?
//   boats    each occupied seat: see boat-codec
//   pearls   see pearl-codec
//   events   count, then each: see event-codec
//   reports  count, then each: seat, number, applied - number, marginTicks

import { clamp } from "../sim/integer-maths.ts";
import { type WatersKind, watersOf } from "../sim/waters.ts";
import type { BoatState, GameEvent, View } from "../sim/world.ts";
import { BitReader } from "./bit-reader.ts";
import { BitWriter } from "./bit-writer.ts";
import { NO_BOAT, readBoat, writeBoat } from "./boat-codec.ts";
import { readEvent, writeEvent } from "./event-codec.ts";
import { ARENA_DELTA_KIND, ARENA_KEYFRAME_KIND, DELTA_KIND, frameKindOf, KEYFRAME_KIND } from "./frame-kind.ts";
import {
  ARENA_FRAME_MAX_BYTES,
  COUNTER_MAX,
  REPORT_MARGIN_MAX_TICKS,
  SNAPSHOT_BOATS_MAX,
  SNAPSHOT_EVENTS_MAX,
  SNAPSHOT_FRAME_MAX_BYTES,
  SNAPSHOT_PEARLS_MAX,
  SNAPSHOT_REPORTS_MAX,
} from "./limits.ts";
import type { SeatReport, Snapshot } from "./messages.ts";
import { readPearls, writePearls } from "./pearl-codec.ts";
import { ProtocolError } from "./protocol-error.ts";

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
const MARGIN_ORDER = 2;
const COUNT_ORDER = 0;
const SEATS_ORDER = 5;
const NUMBER_ORDER = 10;
const ROUND_ORDER = 2;
const PHASE_END_ORDER = 12;

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
  for (const report of snapshot.reports) writeReport(report);
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
  for (let left = reader.golomb(COUNT_ORDER, SNAPSHOT_REPORTS_MAX); left > 0; left--) reports.push(readReport(reader));
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
  const isFrameSame =
    view.seed === base.seed &&
    view.phase === base.phase &&
    view.phaseEndsAtTick === base.phaseEndsAtTick &&
    view.round === base.round &&
    view.boats.length === base.boats.length;
  writer.bit(isFrameSame);
  if (!isFrameSame) {
    writer.bits(view.seed, 32);
    writer.bit(view.phase === "podium");
    writer.signed(view.phaseEndsAtTick - view.tick, PHASE_END_ORDER);
    writer.golomb(view.round, ROUND_ORDER);
    writer.golomb(view.boats.length, SEATS_ORDER);
  }
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
  const view: View = { ...base, tick, boats: [], pearls: [] };
  let seats = base.boats.length;
  if (!reader.bit()) {
    view.seed = reader.bits(32);
    view.phase = reader.bit() ? "podium" : "playing";
    view.phaseEndsAtTick = tick + reader.signed(PHASE_END_ORDER, COUNTER_MAX);
    if (view.phaseEndsAtTick < 0) throw new ProtocolError("the phase ends before tick 0");
    view.round = reader.golomb(ROUND_ORDER, COUNTER_MAX);
    seats = reader.golomb(SEATS_ORDER, SNAPSHOT_BOATS_MAX);
  }
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

function writeReport(report: SeatReport): void {
  writer.golomb(report.seat, SEATS_ORDER);
  writer.golomb(report.number, NUMBER_ORDER);
  writer.signed(report.applied - report.number, COUNT_ORDER);
  // Labels come from strangers: one that is hours late must not make a frame that nobody decodes.
  writer.signed(clamp(report.marginTicks, -REPORT_MARGIN_MAX_TICKS, REPORT_MARGIN_MAX_TICKS), MARGIN_ORDER);
}

function readReport(reader: BitReader): SeatReport {
  const seat = reader.golomb(SEATS_ORDER, SNAPSHOT_BOATS_MAX - 1);
  const number = reader.golomb(NUMBER_ORDER, COUNTER_MAX);
  const applied = number + reader.signed(COUNT_ORDER, COUNTER_MAX);
  if (applied < 0) throw new ProtocolError("a report's count is negative");
  return { seat, number, applied, marginTicks: reader.signed(MARGIN_ORDER, REPORT_MARGIN_MAX_TICKS) };
}

function checkSize({ view, events, reports }: SnapshotToEncode): void {
  const isWithin =
    view.boats.length <= SNAPSHOT_BOATS_MAX &&
    view.pearls.length <= SNAPSHOT_PEARLS_MAX &&
    events.length <= SNAPSHOT_EVENTS_MAX &&
    reports.length <= SNAPSHOT_REPORTS_MAX;
  if (!isWithin) throw new RangeError("cannot encode a snapshot beyond its limits");
}
