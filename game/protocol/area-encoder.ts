// Tells each player of an arena its neighbourhood in detail and the rest roughly. Every part is encoded once a tick, whoever hears it, and every
// frame is put together once for all who hear the same: work grows with the cells that are listened to, not with the listeners.

import { ARENA } from "../sim/waters.ts";
import type { BoatState, GameEvent, Pearl, View } from "../sim/world.ts";
import { CELL_BITS, CELLS, cellAt, cellsAround, isAround, nextCell } from "./area-cells.ts";
import { type Cell, EMPTY_CELL, SEAT_BITS, writeCell, writeSightings } from "./area-codec.ts";
import { Thinning } from "./area-thinning.ts";
import { BitWriter } from "./bit-writer.ts";
import { NO_BOAT, writeBoat } from "./boat-codec.ts";
import { writeEvent } from "./event-codec.ts";
import { frameFieldsOf, writeFrameFields } from "./frame-fields.ts";
import { AREA_KIND } from "./frame-kind.ts";
import { AREA_FRAME_MAX_BYTES } from "./limits.ts";
import type { SeatReport } from "./messages.ts";
import { writeReport } from "./report-codec.ts";
import { EMPTY_VIEWS, type SnapshotContent } from "./snapshot-codec.ts";

/** What a listener has: the tick that it was told last, and the cell from which it heard it. */
export interface AreaProgress {
  readonly epoch: number;
  readonly tick: number;
  readonly cell: number;
}

export interface AreaFrame {
  /** The same object for all who are told the same. */
  bytes: Uint8Array;
  progress: AreaProgress;
}

/** What listeners believe after a tick, cell by cell. */
interface Heard {
  readonly view: View;
  /** The cell of each seat's boat. */
  readonly cellOf: readonly (number | undefined)[];
  readonly cells: readonly Cell[];
}

/** A frame for all who came from one cell to another, but for their own part. */
interface Shared {
  readonly bytes: Uint8Array;
  /** Bytes before the own part. */
  readonly length: number;
}

interface Tick {
  readonly content: SnapshotContent;
  readonly heard: Heard;
  /** Absent if this tick does not follow the one before: then everything is told whole. */
  readonly before: Heard | undefined;
  readonly reports: ReadonlyMap<number, SeatReport>;
  readonly events: ReadonlyMap<number, readonly GameEvent[]>;
  readonly roundEvents: readonly GameEvent[];
  readonly sightings: Uint8Array;
  readonly changes: (Uint8Array | undefined)[];
  readonly wholes: (Uint8Array | undefined)[];
  readonly frames: Map<number, Shared>;
}

const NOTHING = new Uint8Array();
/** The own part of whoever is told nothing of its own. */
const NO_OWN_BYTES = 1;
const writer = new BitWriter();

export class AreaEncoder {
  readonly #stream: number;
  readonly #thinning = new Thinning();
  #tick: Tick | undefined;

  /**
   * `stream` (0 … AREA_STREAM_MAX) tells this encoder's frames from those of others that the same client may hear at the same time: in a crowd, they
   * believe different things.
   */
  constructor(stream: number) {
    this.#stream = stream;
  }

  /** What the room says after a tick. Ticks that do not follow each other, or another epoch, make everybody begin anew. */
  advance(content: SnapshotContent): void {
    const last = this.#tick;
    const { view, epoch } = content;
    const follows = last !== undefined && last.content.epoch === epoch && last.content.view.tick === view.tick - 1;
    const believed = this.#thinning.next(view, follows);
    const former = follows ? last.heard.cellOf : [];
    const cellOf = believed.boats.map((boat, seat) => (boat ? nextCell(former[seat], boat) : undefined));
    writer.reset();
    writeSightings(writer, view);
    this.#tick = {
      content,
      heard: { view: believed, cellOf, cells: cellsOf(believed, cellOf) },
      before: follows ? last.heard : undefined,
      reports: new Map(content.reports.map((report) => [report.seat, report])),
      events: this.#thinning.events(content.events, cellOf),
      roundEvents: content.events.filter(({ type }) => type === "round-start" || type === "round-end"),
      sightings: writer.finish(),
      changes: [],
      wholes: [],
      frames: new Map(),
    };
  }

  /** The newest tick for whoever sits there. With a `progress` that is not of the tick before it, or none, everything is told whole. */
  frameFor(seat: number, progress: AreaProgress | undefined): AreaFrame {
    const tick = this.#tick;
    if (!tick) throw new Error("cannot tell a tick before the first one");
    const { epoch, view } = tick.content;
    const isNext = tick.before !== undefined && progress?.epoch === epoch && progress.tick === view.tick - 1;
    const boat = view.boats[seat];
    const cell = boat ? nextCell(progress?.cell, boat) : (progress?.cell ?? MIDDLE_CELL);
    const shared = this.#shared(tick, isNext ? progress.cell : undefined, cell);
    const known = knownOf(tick.heard, seat, cell);
    const isBoatTold = boat !== null && boat !== undefined && known !== boat;
    const report = tick.reports.get(seat);
    let { bytes } = shared;
    if (isBoatTold || report) {
      writer.reset();
      writer.bit(true);
      writer.bits(seat, SEAT_BITS);
      writer.bit(isBoatTold);
      if (isBoatTold) writeBoat(writer, known ?? NO_BOAT, 0, boat, ARENA);
      writer.bit(report !== undefined);
      if (report) writeReport(writer, report);
      bytes = joined([shared.bytes.subarray(0, shared.length), writer.finish()]);
    }
    return { bytes, progress: { epoch, tick: view.tick, cell } };
  }

  #shared(tick: Tick, from: number | undefined, cell: number): Shared {
    const key = (from ?? CELLS) * CELLS + cell;
    const known = tick.frames.get(key);
    if (known) return known;
    const around = cellsAround(cell);
    const parts = around.map((heard) =>
      from !== undefined && isAround(from, heard) ? changesOf(tick, heard) : wholeOf(tick, heard),
    );
    const head = this.#head(tick, from, cell, parts);
    const bytes = joined([head, tick.sightings, ...parts, new Uint8Array(NO_OWN_BYTES)]);
    const shared = { bytes, length: bytes.length - NO_OWN_BYTES };
    tick.frames.set(key, shared);
    return shared;
  }

  #head(tick: Tick, from: number | undefined, cell: number, parts: readonly Uint8Array[]): Uint8Array {
    const { view, epoch, rosterVersion } = tick.content;
    const base = from === undefined ? EMPTY_VIEWS.arena : tick.before!.view;
    writer.reset();
    writer.byte(AREA_KIND);
    writer.varint(epoch);
    writer.varint(rosterVersion);
    writer.varint(view.tick);
    writer.varint(from === undefined ? 0 : 1);
    writer.varint(this.#stream);
    writer.bits(cell, CELL_BITS);
    if (from !== undefined) {
      writer.bit(from === cell);
      if (from !== cell) writer.bits(from, CELL_BITS);
    }
    writeFrameFields(writer, frameFieldsOf(base), frameFieldsOf(view), view.tick);
    writer.golomb(tick.roundEvents.length, 0);
    for (const event of tick.roundEvents) writeEvent(writer, event, view.boats, ARENA);
    for (const part of parts) writer.bit(part.length > 0);
    return writer.finish();
  }
}

const MIDDLE_CELL = cellAt({ x: ARENA.width / 2, y: ARENA.height / 2 });

/** What is believed of a boat by those who listen from a cell, if they know it. */
function knownOf({ view, cellOf }: Heard, seat: number, cell: number): BoatState | null {
  const where = cellOf[seat];
  return where !== undefined && isAround(cell, where) ? (view.boats[seat] ?? null) : null;
}

function changesOf(tick: Tick, cell: number): Uint8Array {
  tick.changes[cell] ??= partOf(tick, cell, tick.before!.cells[cell]!);
  return tick.changes[cell];
}

function wholeOf(tick: Tick, cell: number): Uint8Array {
  tick.wholes[cell] ??= partOf(tick, cell, EMPTY_CELL);
  return tick.wholes[cell];
}

/** Empty if the cell is as everybody expects. */
function partOf(tick: Tick, index: number, before: Cell): Uint8Array {
  const cell = tick.heard.cells[index]!;
  const events = tick.events.get(index) ?? [];
  if (cell === EMPTY_CELL && before === EMPTY_CELL && events.length === 0) return NOTHING;
  writer.reset();
  const changed = writeCell(writer, before, cell, events, tick.heard.view);
  return changed ? writer.finish() : NOTHING;
}

function cellsOf(view: View, cellOf: Heard["cellOf"]): Cell[] {
  const cells: { seats: number[]; boats: View["boats"][number][]; pearls: Pearl[] }[] = new Array(CELLS);
  const at = (index: number) => {
    cells[index] ??= { seats: [], boats: [], pearls: [] };
    return cells[index];
  };
  for (let seat = 0; seat < view.boats.length; seat++) {
    const boat = view.boats[seat];
    if (!boat) continue;
    const cell = at(cellOf[seat]!);
    cell.seats.push(seat);
    cell.boats.push(boat);
  }
  for (const pearl of view.pearls) at(cellAt(pearl)).pearls.push(pearl);
  return Array.from({ length: CELLS }, (_, index) => (cells[index] as Cell | undefined) ?? EMPTY_CELL);
}

/** Frames lie side by side in chunks: one piece of memory for hundreds of them. */
const CHUNK_BYTES = 65_536;
let chunk = new Uint8Array(CHUNK_BYTES);
let chunkUsed = 0;

/** So many bytes that are nobody else's. */
function freshBytes(length: number): Uint8Array {
  if (chunkUsed + length > CHUNK_BYTES) {
    chunk = new Uint8Array(CHUNK_BYTES);
    chunkUsed = 0;
  }
  chunkUsed += length;
  return chunk.subarray(chunkUsed - length, chunkUsed);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > AREA_FRAME_MAX_BYTES) throw new RangeError(`cannot encode an area of ${length} bytes`);
  const bytes = freshBytes(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
