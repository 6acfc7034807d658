// Area frames as a client reads them: a view in which boats that are far away are null, and sightings of some of those.

import { ARENA } from "../sim/waters.ts";
import type { BoatState, GameEvent, Pearl, View } from "../sim/world.ts";
import { CELL_BITS, CELLS, cellsAround, isAround } from "./area-cells.ts";
import { type Cell, EMPTY_CELL, readCell, readSeat, readSightings, type Sighted } from "./area-codec.ts";
import { BitReader } from "./bit-reader.ts";
import { expectedBoat, NO_BOAT, readBoat } from "./boat-codec.ts";
import { readEvent } from "./event-codec.ts";
import { type FrameFields, frameFieldsOf, readFrameFields } from "./frame-fields.ts";
import { AREA_FRAME_MAX_BYTES, AREA_STREAM_MAX, SNAPSHOT_EVENTS_MAX } from "./limits.ts";
import type { SeatReport, Snapshot } from "./messages.ts";
import { ProtocolError } from "./protocol-error.ts";
import { readReport } from "./report-codec.ts";
import { EMPTY_VIEWS, readHeader, type SnapshotHeader } from "./snapshot-codec.ts";

/** What the next frame of the same stream is a difference to. Not what is drawn: in a crowd, only the own boat is always known exactly. */
export interface AreaBase {
  readonly epoch: number;
  readonly stream: number;
  readonly tick: number;
  readonly cell: number;
  readonly fields: FrameFields;
  readonly cells: ReadonlyMap<number, Cell>;
}

export interface AreaSnapshot {
  snapshot: Snapshot;
  base: AreaBase;
  sighted: Sighted;
}

export interface AreaHeader extends SnapshotHeader {
  stream: number;
}

/** Finds out what a cell is a tick later. All who hear a stream are told the same of a cell, so who hears it for many may remember. */
export interface CellReader {
  /** Reads the part of the cell with that index, to the end of its last byte. */
  told(index: number, known: Cell, reader: BitReader, bytes: Uint8Array): { cell: Cell; events: readonly GameEvent[] };
  /** Nothing was said of it. */
  untold(index: number, known: Cell): Cell;
}

export const CELL_READER: CellReader = {
  told(_index, known, reader) {
    const read = readCell(reader, known);
    reader.align();
    return read;
  },
  untold: (_index, known) => ({ ...known, boats: known.boats.map((boat) => expectedBoat(boat, 1, ARENA)) }),
};

/** What has to be known of an area frame to find its base; `undefined` if it is none. */
export function readAreaHeader(bytes: Uint8Array): AreaHeader | undefined {
  try {
    return headerOf(new BitReader(bytes), bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Throws a ProtocolError on anything that is not an area frame, and on another base than the one that it was made from. */
export function decodeArea(
  bytes: Uint8Array,
  base: AreaBase | undefined,
  cellReaderOf: (header: AreaHeader) => CellReader = () => CELL_READER,
): AreaSnapshot {
  if (bytes.length > AREA_FRAME_MAX_BYTES) throw new ProtocolError("the area is too large");
  const reader = new BitReader(bytes);
  const header = headerOf(reader, bytes);
  const { epoch, tick, stream, rosterVersion, baseTick } = header;
  const before = header.keyframe ? undefined : base;
  if (!header.keyframe && !isBaseOf(before, header)) throw new ProtocolError(`the base of tick ${tick} is missing`);

  const cell = readCellNumber(reader);
  if (before) {
    const from = reader.bit() ? cell : readCellNumber(reader);
    if (from !== before.cell) throw new ProtocolError(`the base is of cell ${before.cell}, not ${from}`);
  }
  const fields = readFrameFields(reader, before?.fields ?? NO_FIELDS, tick);
  const events: GameEvent[] = [];
  for (let left = reader.golomb(0, SNAPSHOT_EVENTS_MAX); left > 0; left--) events.push(readEvent(reader, [], ARENA));
  const around = cellsAround(cell);
  const isTold = around.map(() => reader.bit());
  reader.align();
  const sighted = readSightings(reader, tick);
  reader.align();

  const cellReader = cellReaderOf(header);
  const cells = new Map<number, Cell>();
  for (const [at, index] of around.entries()) {
    const known = before && isAround(before.cell, index) ? (before.cells.get(index) ?? EMPTY_CELL) : EMPTY_CELL;
    if (!isTold[at]) {
      if (known !== EMPTY_CELL) cells.set(index, cellReader.untold(index, known));
      continue;
    }
    const read = cellReader.told(index, known, reader, bytes);
    cells.set(index, read.cell);
    events.push(...read.events);
  }
  const view = viewOf(fields, tick, cells);
  const reports = readOwn(reader, view);
  reader.finish();
  return {
    snapshot: { epoch, baseTick, rosterVersion, view, events, reports },
    base: { epoch, stream, tick, cell, fields, cells },
    sighted,
  };
}

const NO_FIELDS = frameFieldsOf(EMPTY_VIEWS.arena);

export function isBaseOf(base: AreaBase | undefined, { epoch, stream, baseTick }: AreaHeader): boolean {
  return base?.epoch === epoch && base.stream === stream && base.tick === baseTick;
}

function headerOf(reader: BitReader, bytes: Uint8Array): AreaHeader {
  const header = readHeader(reader, bytes);
  if (!header.area) throw new ProtocolError("not an area frame");
  if (header.tick - header.baseTick > 1) throw new ProtocolError("an area is the difference to the tick before");
  return { ...header, stream: reader.varint(AREA_STREAM_MAX) };
}

function readCellNumber(reader: BitReader): number {
  const cell = reader.bits(CELL_BITS);
  if (cell >= CELLS) throw new ProtocolError(`there is no cell ${cell}`);
  return cell;
}

function viewOf({ seats, ...fields }: FrameFields, tick: number, cells: ReadonlyMap<number, Cell>): View {
  const boats: (BoatState | null)[] = new Array(seats).fill(null);
  const pearls: Pearl[] = [];
  for (const cell of cells.values()) {
    for (const [at, seat] of cell.seats.entries()) {
      if (seat >= seats || boats[seat]) throw new ProtocolError(`seat ${seat} has no place, or two`);
      boats[seat] = cell.boats[at]!;
    }
    pearls.push(...cell.pearls);
  }
  return { waters: "arena", tick, ...fields, boats, pearls };
}

/** Puts the own boat into the view as it really is. */
function readOwn(reader: BitReader, view: View): SeatReport[] {
  if (!reader.bit()) return [];
  const seat = readSeat(reader);
  if (seat >= view.boats.length) throw new ProtocolError(`seat ${seat} has no place`);
  if (reader.bit()) view.boats[seat] = readBoat(reader, view.boats[seat] ?? NO_BOAT, 0, ARENA);
  return reader.bit() ? [readReport(reader, seat)] : [];
}
