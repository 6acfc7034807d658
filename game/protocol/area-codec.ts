// An area frame as bytes: what one player of an arena is told after a tick. Its parts are of whole bytes, are written once for all who hear
// them, and are put together by copying.
//
//   header    kind | varint epoch, rosterVersion, tick, 1 (a difference to the tick before) or 0 (whole) | varint stream
//   place     cell (9); differences only: 1 the base's cell is the same · 0 base's cell (9)
//   frame     see frame-fields; count of the round's events, then each
//   changes   a bit for each cell around: does it have a part below?                                  filled to a whole byte
//   sightings a turn of seats: each 0 free · 1, x (8), y (8), afloat?, score                          filled to a whole byte
//   cells     each that has one, in order: members, boats, pearls, events                             filled to a whole byte
//   own       0 nothing · 1, seat (9), 0|1 boat, 0|1 report                                           filled to a whole byte
//
// A cell that the base did not have is the difference to an empty one.

import { ARENA } from "../sim/waters.ts";
import type { BoatState, GameEvent, Pearl, View } from "../sim/world.ts";
import type { BitReader } from "./bit-reader.ts";
import type { BitWriter } from "./bit-writer.ts";
import { NO_BOAT, readBoat, writeBoat } from "./boat-codec.ts";
import { readEvent, writeEvent } from "./event-codec.ts";
import { AREA_SIGHTINGS_PER_TICK, COUNTER_MAX, SNAPSHOT_BOATS_MAX, SNAPSHOT_EVENTS_MAX } from "./limits.ts";
import type { Sighting } from "./messages.ts";
import { readPearls, writePearls } from "./pearl-codec.ts";
import { ProtocolError } from "./protocol-error.ts";

export const SEAT_BITS = 9;
const SIGHTING_BITS = 8;
const PATCHES = 1 << SIGHTING_BITS;
const SCORE_ORDER = 3;
const COUNT_ORDER = 0;

/** What is known of a cell. `seats` rise, `boats` are theirs. */
export interface Cell {
  readonly seats: readonly number[];
  readonly boats: readonly BoatState[];
  readonly pearls: readonly Pearl[];
}

export const EMPTY_CELL: Cell = { seats: [], boats: [], pearls: [] };

/** Writes a cell as the difference to what it was a tick ago. False if all is as expected: then it need not be told. */
export function writeCell(
  writer: BitWriter,
  before: Cell,
  cell: Cell,
  events: readonly GameEvent[],
  view: View,
): boolean {
  const isSame = before.seats.length === cell.seats.length && cell.seats.every((seat, at) => seat === before.seats[at]);
  writer.bit(isSame);
  if (!isSame) {
    const here = new Set(cell.seats);
    const were = new Set(before.seats);
    for (const seat of before.seats) writer.bit(here.has(seat));
    const come = cell.seats.filter((seat) => !were.has(seat));
    writer.golomb(come.length, COUNT_ORDER);
    for (const seat of come) writer.bits(seat, SEAT_BITS);
  }
  let isExpected = isSame && events.length === 0;
  let at = 0;
  for (const [index, seat] of cell.seats.entries()) {
    while (at < before.seats.length && before.seats[at]! < seat) at += 1;
    const known = before.seats[at] === seat ? before.boats[at]! : undefined;
    const isQuiet = writeBoat(writer, known ?? NO_BOAT, known ? 1 : 0, cell.boats[index]!, ARENA);
    isExpected &&= isQuiet;
  }
  const arePearlsSame = writePearls(writer, before.pearls, cell.pearls, ARENA);
  writer.golomb(events.length, COUNT_ORDER);
  for (const event of events) writeEvent(writer, event, view.boats, ARENA);
  return !(isExpected && arePearlsSame);
}

export function readCell(reader: BitReader, before: Cell): { cell: Cell; events: GameEvent[] } {
  const seats = reader.bit() ? before.seats : readMembers(reader, before.seats);
  const boats = seats.map((seat) => {
    const known = before.boats[before.seats.indexOf(seat)];
    return readBoat(reader, known ?? NO_BOAT, known ? 1 : 0, ARENA);
  });
  const pearls = readPearls(reader, before.pearls, ARENA);
  const bySeat: (BoatState | null)[] = [];
  for (const [index, seat] of seats.entries()) bySeat[seat] = boats[index]!;
  const events: GameEvent[] = [];
  for (let left = reader.golomb(COUNT_ORDER, SNAPSHOT_EVENTS_MAX); left > 0; left--)
    events.push(readEvent(reader, bySeat, ARENA));
  return { cell: { seats, boats, pearls }, events };
}

function readMembers(reader: BitReader, before: readonly number[]): number[] {
  const seats = before.filter(() => reader.bit());
  for (let left = reader.golomb(COUNT_ORDER, SNAPSHOT_BOATS_MAX); left > 0; left--) {
    const seat = readSeat(reader);
    if (seats.includes(seat)) throw new ProtocolError("a boat is in a cell twice");
    seats.push(seat);
  }
  return seats.sort((a, b) => a - b);
}

export function readSeat(reader: BitReader): number {
  const seat = reader.bits(SEAT_BITS);
  if (seat >= ARENA.seats) throw new ProtocolError(`there is no seat ${seat}`);
  return seat;
}

/** The first seat whose turn it is in a tick: all have theirs within some ticks. */
function sightedFrom(tick: number): number {
  const turns = Math.ceil(ARENA.seats / AREA_SIGHTINGS_PER_TICK);
  return (tick % turns) * AREA_SIGHTINGS_PER_TICK;
}

export function writeSightings(writer: BitWriter, view: View): void {
  const from = sightedFrom(view.tick);
  for (let seat = from; seat < Math.min(from + AREA_SIGHTINGS_PER_TICK, ARENA.seats); seat++) {
    const boat = view.boats[seat];
    writer.bit(boat !== null && boat !== undefined);
    if (!boat) continue;
    writer.bits(patchOf(boat.x, ARENA.width), SIGHTING_BITS);
    writer.bits(patchOf(boat.y, ARENA.height), SIGHTING_BITS);
    writer.bit(boat.hull > 0);
    writer.golomb(boat.score, SCORE_ORDER);
  }
}

/** The boats of the seats from `from` on; `null` for a free seat. */
export interface Sighted {
  from: number;
  boats: (Sighting | null)[];
}

export function readSightings(reader: BitReader, tick: number): Sighted {
  const from = sightedFrom(tick);
  const boats: (Sighting | null)[] = [];
  for (let seat = from; seat < Math.min(from + AREA_SIGHTINGS_PER_TICK, ARENA.seats); seat++) {
    if (!reader.bit()) {
      boats.push(null);
      continue;
    }
    const x = middleOf(reader.bits(SIGHTING_BITS), ARENA.width);
    const y = middleOf(reader.bits(SIGHTING_BITS), ARENA.height);
    boats.push({ seat, x, y, afloat: reader.bit(), score: reader.golomb(SCORE_ORDER, COUNTER_MAX) });
  }
  return { from, boats };
}

function patchOf(place: number, size: number): number {
  return Math.min(PATCHES - 1, Math.floor((place * PATCHES) / size));
}

function middleOf(patch: number, size: number): number {
  return Math.floor(((patch + 0.5) * size) / PATCHES);
}
