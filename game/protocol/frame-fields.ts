// What a view says of the round as a whole: 1 as in the base · 0, seed (32), podium? (1), tick - phase's end, round, number of seats.

import type { View } from "../sim/world.ts";
import type { BitReader } from "./bit-reader.ts";
import type { BitWriter } from "./bit-writer.ts";
import { COUNTER_MAX, SNAPSHOT_BOATS_MAX } from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

const SEATS_ORDER = 5;
const ROUND_ORDER = 2;
const PHASE_END_ORDER = 12;

export type FrameFields = Pick<View, "seed" | "phase" | "phaseEndsAtTick" | "round"> & { seats: number };

export function frameFieldsOf(view: View): FrameFields {
  const { seed, phase, phaseEndsAtTick, round, boats } = view;
  return { seed, phase, phaseEndsAtTick, round, seats: boats.length };
}

export function writeFrameFields(writer: BitWriter, base: FrameFields, fields: FrameFields, tick: number): void {
  const isSame =
    fields.seed === base.seed &&
    fields.phase === base.phase &&
    fields.phaseEndsAtTick === base.phaseEndsAtTick &&
    fields.round === base.round &&
    fields.seats === base.seats;
  writer.bit(isSame);
  if (isSame) return;
  writer.bits(fields.seed, 32);
  writer.bit(fields.phase === "podium");
  writer.signed(fields.phaseEndsAtTick - tick, PHASE_END_ORDER);
  writer.golomb(fields.round, ROUND_ORDER);
  writer.golomb(fields.seats, SEATS_ORDER);
}

export function readFrameFields(reader: BitReader, base: FrameFields, tick: number): FrameFields {
  if (reader.bit()) return base;
  const seed = reader.bits(32);
  const phase = reader.bit() ? "podium" : "playing";
  const phaseEndsAtTick = tick + reader.signed(PHASE_END_ORDER, COUNTER_MAX);
  if (phaseEndsAtTick < 0) throw new ProtocolError("the phase ends before tick 0");
  const round = reader.golomb(ROUND_ORDER, COUNTER_MAX);
  return { seed, phase, phaseEndsAtTick, round, seats: reader.golomb(SEATS_ORDER, SNAPSHOT_BOATS_MAX) };
}
