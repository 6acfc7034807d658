// One boat as the difference to what dead reckoning expects of it `ticks` later. Most boats do nearly what is expected of them.
//
//   1                                     all as expected
//   0 | turn rate | velocity | place | aim | state
//       turn rate, aim   signed Golomb, difference
//       velocity         0 as expected · 10 two signed Golomb differences · 11 two signed 10-bit numbers
//       place            0 as expected (x, y, heading) · 10 two signed Golomb differences (heading as expected) · 11 x, y, heading in full
//                        in an arena instead of 11: 111 two signed differences, heading's difference · 110 x, y, heading in full
//       state            0 as expected · 1, then for each field a bit, and where it is 1 the difference, signed Golomb
//
// A boat that was not there before is the difference to a boat of zeros, 0 ticks ago.

import {
  AIM_STEPS,
  HULL_FULL,
  MAX_SPEED_UNITS_PER_TICK,
  MAX_TURN_RATE_PER_TICK,
  PROTECTED_TICKS,
  RELOAD_TICKS,
  RESPAWN_TICKS,
  SCORE_PEARL,
  SCORE_SINKING,
  TURN,
} from "../sim/constants.ts";
import { clamp, cosine, sine, unscale } from "../sim/integer-maths.ts";
import type { Waters } from "../sim/waters.ts";
import type { BoatState } from "../sim/world.ts";
import type { BitReader } from "./bit-reader.ts";
import type { BitWriter } from "./bit-writer.ts";
import { COUNTER_MAX } from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

const HEADING_BITS = 12;
const SPEED_BITS = 10;
const SPEED_OFFSET = 512;
/** Differences beyond these are sent in full instead. */
const NEAR_UNITS = 2048;
const NEAR_SPEED = 128;
/** Golomb orders, chosen by measuring fights of 32 bots. */
const TURN_RATE_ORDER = 1;
const SPEED_ORDER = 2;
const PLACE_ORDER = 8;
const AIM_ORDER = 2;
const HEADING_ORDER = 5;

type StateField = "hull" | "reload" | "pearls" | "sinkings" | "losses" | "score" | "respawnIn" | "protectedFor";

/** `pearls` and `sinkings` stand before `score`, which is expected from them. */
const STATE_FIELDS: readonly { name: StateField; order: number; max: number }[] = [
  { name: "hull", order: 5, max: HULL_FULL },
  { name: "reload", order: 5, max: RELOAD_TICKS },
  { name: "pearls", order: 0, max: COUNTER_MAX },
  { name: "sinkings", order: 0, max: COUNTER_MAX },
  { name: "losses", order: 0, max: COUNTER_MAX },
  { name: "score", order: 3, max: COUNTER_MAX },
  { name: "respawnIn", order: 7, max: RESPAWN_TICKS },
  { name: "protectedFor", order: 6, max: PROTECTED_TICKS },
];

export const NO_BOAT: BoatState = {
  x: 0,
  y: 0,
  vx: 0,
  vy: 0,
  heading: 0,
  turnRate: 0,
  aim: 0,
  hull: 0,
  reload: 0,
  pearls: 0,
  score: 0,
  sinkings: 0,
  losses: 0,
  respawnIn: 0,
  protectedFor: 0,
};

/** Answers whether all was as expected. */
export function writeBoat(writer: BitWriter, base: BoatState, ticks: number, boat: BoatState, waters: Waters): boolean {
  const speed = expectedVelocity(base, boat.turnRate, ticks);
  const place = expectedPlace(base, boat, ticks, waters);
  const turnOff = boat.turnRate - base.turnRate;
  const aimOff = wrapAim(boat.aim - base.aim);
  const isSpeedExpected = boat.vx === speed.vx && boat.vy === speed.vy;
  const isPlaceExpected = boat.x === place.x && boat.y === place.y && boat.heading === place.heading;
  const isStateExpected = isAllStateExpected(base, boat, ticks);
  const isQuiet = turnOff === 0 && aimOff === 0 && isSpeedExpected && isPlaceExpected && isStateExpected;
  writer.bit(isQuiet);
  if (isQuiet) return true;

  writer.signed(turnOff, TURN_RATE_ORDER);
  writer.bit(!isSpeedExpected);
  if (!isSpeedExpected) writeVelocity(writer, speed, boat);
  writer.bit(!isPlaceExpected);
  if (!isPlaceExpected) writePlace(writer, place, boat, waters);
  writer.signed(aimOff, AIM_ORDER);
  writer.bit(!isStateExpected);
  if (!isStateExpected) writeState(writer, base, boat, ticks);
  return false;
}

export function readBoat(reader: BitReader, base: BoatState, ticks: number, waters: Waters): BoatState {
  const isQuiet = reader.bit();
  const boat: BoatState = { ...base };
  if (!isQuiet) boat.turnRate += reader.signed(TURN_RATE_ORDER, 2 * MAX_TURN_RATE_PER_TICK);
  checkWithin("turn rate", boat.turnRate, -MAX_TURN_RATE_PER_TICK, MAX_TURN_RATE_PER_TICK);
  Object.assign(boat, expectedVelocity(base, boat.turnRate, ticks));
  if (!isQuiet && reader.bit()) readVelocity(reader, boat);
  Object.assign(boat, expectedPlace(base, boat, ticks, waters));
  if (!isQuiet && reader.bit()) readPlace(reader, boat, waters);
  if (!isQuiet) boat.aim = (boat.aim + reader.signed(AIM_ORDER, AIM_STEPS / 2)) & (AIM_STEPS - 1);
  const isStateSent = !isQuiet && reader.bit();
  for (const { name, order, max } of STATE_FIELDS) {
    boat[name] = expectedState(base, boat, name, ticks);
    if (!isStateSent || !reader.bit()) continue;
    boat[name] += reader.signed(order, max);
    checkWithin(name, boat[name], 0, max);
  }
  return boat;
}

/** What everybody expects of a boat `ticks` later, and what one bit says. */
export function expectedBoat(base: BoatState, ticks: number, waters: Waters): BoatState {
  const boat: BoatState = { ...base, ...expectedVelocity(base, base.turnRate, ticks) };
  Object.assign(boat, expectedPlace(base, boat, ticks, waters));
  for (const { name } of STATE_FIELDS) boat[name] = expectedState(base, boat, name, ticks);
  return boat;
}

/** The boat goes on turning, and its velocity turns with it. */
function expectedVelocity(base: BoatState, turnRate: number, ticks: number): { vx: number; vy: number } {
  const turned = (turnRate * ticks) % TURN;
  if (turned === 0 || (base.vx === 0 && base.vy === 0)) return { vx: base.vx, vy: base.vy };
  const cos = cosine(turned);
  const sin = sine(turned);
  return {
    vx: clampSpeed(unscale(base.vx * cos - base.vy * sin)),
    vy: clampSpeed(unscale(base.vx * sin + base.vy * cos)),
  };
}

function expectedPlace(
  base: BoatState,
  boat: BoatState,
  ticks: number,
  { width, height }: Waters,
): { x: number; y: number; heading: number } {
  return {
    x: clamp(base.x + boat.vx * ticks, 0, width),
    y: clamp(base.y + boat.vy * ticks, 0, height),
    heading: (base.heading + ((boat.turnRate * ticks) % TURN)) & (TURN - 1),
  };
}

function expectedState(base: BoatState, boat: BoatState, name: StateField, ticks: number): number {
  switch (name) {
    case "reload":
    case "respawnIn":
    case "protectedFor":
      return countedDown(base[name], ticks);
    case "score":
      return expectedScore(base, boat);
    default:
      return base[name];
  }
}

/** The same as to ask field by field. Every boat is asked in every tick, and nearly all answer yes: so no field is looked up by its name. */
function isAllStateExpected(base: BoatState, boat: BoatState, ticks: number): boolean {
  return (
    boat.hull === base.hull &&
    boat.reload === countedDown(base.reload, ticks) &&
    boat.pearls === base.pearls &&
    boat.sinkings === base.sinkings &&
    boat.losses === base.losses &&
    boat.score === expectedScore(base, boat) &&
    boat.respawnIn === countedDown(base.respawnIn, ticks) &&
    boat.protectedFor === countedDown(base.protectedFor, ticks)
  );
}

function countedDown(value: number, ticks: number): number {
  return Math.max(0, value - ticks);
}

function expectedScore(base: BoatState, boat: BoatState): number {
  const gained = (boat.pearls - base.pearls) * SCORE_PEARL + (boat.sinkings - base.sinkings) * SCORE_SINKING;
  return clamp(base.score + gained, 0, COUNTER_MAX);
}

function writeVelocity(writer: BitWriter, expected: { vx: number; vy: number }, boat: BoatState): void {
  const offX = boat.vx - expected.vx;
  const offY = boat.vy - expected.vy;
  const isFar = Math.abs(offX) > NEAR_SPEED || Math.abs(offY) > NEAR_SPEED;
  writer.bit(isFar);
  if (isFar) {
    writer.bits(boat.vx + SPEED_OFFSET, SPEED_BITS);
    writer.bits(boat.vy + SPEED_OFFSET, SPEED_BITS);
  } else {
    writer.signed(offX, SPEED_ORDER);
    writer.signed(offY, SPEED_ORDER);
  }
}

function readVelocity(reader: BitReader, boat: BoatState): void {
  if (reader.bit()) {
    boat.vx = reader.bits(SPEED_BITS) - SPEED_OFFSET;
    boat.vy = reader.bits(SPEED_BITS) - SPEED_OFFSET;
  } else {
    boat.vx += reader.signed(SPEED_ORDER, NEAR_SPEED);
    boat.vy += reader.signed(SPEED_ORDER, NEAR_SPEED);
  }
  checkWithin("vx", boat.vx, -MAX_SPEED_UNITS_PER_TICK, MAX_SPEED_UNITS_PER_TICK);
  checkWithin("vy", boat.vy, -MAX_SPEED_UNITS_PER_TICK, MAX_SPEED_UNITS_PER_TICK);
}

function writePlace(
  writer: BitWriter,
  expected: { x: number; y: number; heading: number },
  boat: BoatState,
  { placeBits, tellsTurns }: Waters,
): void {
  const offX = boat.x - expected.x;
  const offY = boat.y - expected.y;
  const isNear = Math.abs(offX) <= NEAR_UNITS && Math.abs(offY) <= NEAR_UNITS;
  const isTurned = boat.heading !== expected.heading;
  writer.bit(isTurned || !isNear);
  if (tellsTurns && (isTurned || !isNear)) writer.bit(isNear);
  if (isNear && (tellsTurns || !isTurned)) {
    writer.signed(offX, PLACE_ORDER);
    writer.signed(offY, PLACE_ORDER);
    if (isTurned) writer.signed(wrapTurn(boat.heading - expected.heading), HEADING_ORDER);
  } else {
    writer.bits(boat.x, placeBits);
    writer.bits(boat.y, placeBits);
    writer.bits(boat.heading, HEADING_BITS);
  }
}

/** The boat is where it is expected to be. */
function readPlace(reader: BitReader, boat: BoatState, { width, height, placeBits, tellsTurns }: Waters): void {
  const isTurnedOrFar = reader.bit();
  const isNear = isTurnedOrFar ? tellsTurns && reader.bit() : true;
  if (isNear) {
    boat.x += reader.signed(PLACE_ORDER, NEAR_UNITS);
    boat.y += reader.signed(PLACE_ORDER, NEAR_UNITS);
    if (isTurnedOrFar) boat.heading = (boat.heading + reader.signed(HEADING_ORDER, TURN / 2)) & (TURN - 1);
  } else {
    boat.x = reader.bits(placeBits);
    boat.y = reader.bits(placeBits);
    boat.heading = reader.bits(HEADING_BITS);
  }
  checkWithin("x", boat.x, 0, width);
  checkWithin("y", boat.y, 0, height);
}

function writeState(writer: BitWriter, base: BoatState, boat: BoatState, ticks: number): void {
  for (const { name, order } of STATE_FIELDS) {
    const off = boat[name] - expectedState(base, boat, name, ticks);
    writer.bit(off !== 0);
    if (off !== 0) writer.signed(off, order);
  }
}

function clampSpeed(speed: number): number {
  return clamp(speed, -MAX_SPEED_UNITS_PER_TICK, MAX_SPEED_UNITS_PER_TICK);
}

function wrapTurn(difference: number): number {
  return ((difference + TURN / 2) & (TURN - 1)) - TURN / 2;
}

function wrapAim(difference: number): number {
  return ((difference + AIM_STEPS / 2) & (AIM_STEPS - 1)) - AIM_STEPS / 2;
}

function checkWithin(what: string, value: number, low: number, high: number): void {
  if (value < low || value > high) throw new ProtocolError(`${what} is out of range: ${value}`);
}
