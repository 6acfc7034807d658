// What happened in a tick, as bits: a 4-bit type, then its fields. A shot that left the gun of the boat in the same snapshot, as
// nearly all do, needs no place and no velocity.

import { HULL_FULL, MAX_SPEED_UNITS_PER_TICK, MUZZLE_SPEED_UNITS_PER_TICK } from "../sim/constants.ts";
import { muzzleOf } from "../sim/gun.ts";
import type { Waters } from "../sim/waters.ts";
import type { BoatState, GameEvent } from "../sim/world.ts";
import type { BitReader } from "./bit-reader.ts";
import type { BitWriter } from "./bit-writer.ts";
import { COUNTER_MAX, SNAPSHOT_BOATS_MAX } from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

type EventType = GameEvent["type"];
type Boats = readonly (BoatState | null)[];

/** A type's number on the wire is its place here. Append only. */
const EVENT_TYPES: readonly EventType[] = [
  "shot",
  "hit",
  "bounce",
  "sunk",
  "respawn",
  "pearl-spawn",
  "pearl-taken",
  "pearl-gone",
  "round-start",
  "round-end",
];

const TYPE_BITS = 4;
const INDEX_ORDER = 4;
const ID_ORDER = 8;
const VELOCITY_ORDER = 9;
const DAMAGE_ORDER = 4;
const STRENGTH_ORDER = 7;
const BALL_SPEED_MAX = MAX_SPEED_UNITS_PER_TICK + MUZZLE_SPEED_UNITS_PER_TICK;
const STRENGTH_MAX = 4096;

export function writeEvent(writer: BitWriter, event: GameEvent, boats: Boats, waters: Waters): void {
  writer.bits(EVENT_TYPES.indexOf(event.type), TYPE_BITS);
  switch (event.type) {
    case "shot":
      writer.golomb(event.ball, ID_ORDER);
      writer.golomb(event.boat, INDEX_ORDER);
      writeMuzzle(writer, event, boats, waters);
      return;
    case "hit":
      writer.golomb(event.ball, ID_ORDER);
      writer.golomb(event.boat, INDEX_ORDER);
      writer.golomb(event.by, INDEX_ORDER);
      writer.golomb(event.damage, DAMAGE_ORDER);
      return;
    case "bounce":
      writer.golomb(event.boat, INDEX_ORDER);
      writePlace(writer, event, waters);
      writer.golomb(event.strength, STRENGTH_ORDER);
      return;
    case "sunk":
      writer.golomb(event.boat, INDEX_ORDER);
      writer.golomb(event.by, INDEX_ORDER);
      return;
    case "respawn":
      writer.golomb(event.boat, INDEX_ORDER);
      return;
    case "pearl-spawn":
      writer.golomb(event.pearl, ID_ORDER);
      writePlace(writer, event, waters);
      return;
    case "pearl-taken":
      writer.golomb(event.pearl, ID_ORDER);
      writer.golomb(event.boat, INDEX_ORDER);
      return;
    case "pearl-gone":
      writer.golomb(event.pearl, ID_ORDER);
      return;
    case "round-start":
    case "round-end":
      writer.golomb(event.round, ID_ORDER);
      return;
    default:
      event satisfies never;
  }
}

export function readEvent(reader: BitReader, boats: Boats, waters: Waters): GameEvent {
  const type = EVENT_TYPES[reader.bits(TYPE_BITS)];
  switch (type) {
    case "shot": {
      const ball = readId(reader);
      const boat = readIndex(reader);
      return { type, ball, boat, ...readMuzzle(reader, boats[boat], waters) };
    }
    case "hit":
      return {
        type,
        ball: readId(reader),
        boat: readIndex(reader),
        by: readIndex(reader),
        damage: reader.golomb(DAMAGE_ORDER, HULL_FULL),
      };
    case "bounce":
      return {
        type,
        boat: readIndex(reader),
        ...readPlace(reader, waters),
        strength: reader.golomb(STRENGTH_ORDER, STRENGTH_MAX),
      };
    case "sunk":
      return { type, boat: readIndex(reader), by: readIndex(reader) };
    case "respawn":
      return { type, boat: readIndex(reader) };
    case "pearl-spawn":
      return { type, pearl: readId(reader), ...readPlace(reader, waters) };
    case "pearl-taken":
      return { type, pearl: readId(reader), boat: readIndex(reader) };
    case "pearl-gone":
      return { type, pearl: readId(reader) };
    case "round-start":
    case "round-end":
      return { type, round: readId(reader) };
    case undefined:
      throw new ProtocolError("an event's type is unknown");
    default:
      return type satisfies never;
  }
}

function writeMuzzle(writer: BitWriter, shot: GameEvent & { type: "shot" }, boats: Boats, waters: Waters): void {
  const boat = boats[shot.boat];
  const muzzle = boat ? muzzleOf(boat, waters) : undefined;
  const isExpected =
    muzzle !== undefined &&
    shot.x === muzzle.x &&
    shot.y === muzzle.y &&
    shot.vx === muzzle.vx &&
    shot.vy === muzzle.vy;
  writer.bit(isExpected);
  if (isExpected) return;
  writePlace(writer, shot, waters);
  writer.signed(shot.vx, VELOCITY_ORDER);
  writer.signed(shot.vy, VELOCITY_ORDER);
}

function readMuzzle(
  reader: BitReader,
  boat: BoatState | null | undefined,
  waters: Waters,
): { x: number; y: number; vx: number; vy: number } {
  if (reader.bit()) {
    if (!boat) throw new ProtocolError("a shot comes from a boat that is not there");
    return muzzleOf(boat, waters);
  }
  return {
    ...readPlace(reader, waters),
    vx: reader.signed(VELOCITY_ORDER, BALL_SPEED_MAX),
    vy: reader.signed(VELOCITY_ORDER, BALL_SPEED_MAX),
  };
}

export function writePlace(writer: BitWriter, place: { x: number; y: number }, { placeBits }: Waters): void {
  writer.bits(place.x, placeBits);
  writer.bits(place.y, placeBits);
}

export function readPlace(reader: BitReader, { width, height, placeBits }: Waters): { x: number; y: number } {
  const x = reader.bits(placeBits);
  const y = reader.bits(placeBits);
  if (x > width || y > height) throw new ProtocolError("a place is outside of the waters");
  return { x, y };
}

function readId(reader: BitReader): number {
  return reader.golomb(ID_ORDER, COUNTER_MAX);
}

function readIndex(reader: BitReader): number {
  return reader.golomb(INDEX_ORDER, SNAPSHOT_BOATS_MAX - 1);
}
