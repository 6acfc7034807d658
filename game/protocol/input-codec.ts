// One input message as bytes.
//
//   0x11 | varint number | varint tick | throttle+7 (4 bits) rudder+7 (4 bits) | aim (8) | fire (1) lagTicks (3) 0000
//
// A reader of raw bytes may rely on nothing: kind, length and every range are checked here and nowhere else.

import { AIM_STEPS, CONTROL_STEPS, MAX_REWIND_TICKS } from "../sim/constants.ts";
import { BitReader } from "./bit-reader.ts";
import { BitWriter } from "./bit-writer.ts";
import { frameKindOf, INPUT_KIND } from "./frame-kind.ts";
import { COUNTER_MAX, INPUT_FRAME_MAX_BYTES } from "./limits.ts";
import type { InputFrame } from "./messages.ts";
import { ProtocolError } from "./protocol-error.ts";

const writer = new BitWriter();

export function encodeInput(frame: InputFrame): Uint8Array {
  const { controls } = frame;
  writer.reset();
  writer.byte(INPUT_KIND);
  writer.varint(frame.number);
  writer.varint(frame.tick);
  writer.bits(controls.throttle + CONTROL_STEPS, 4);
  writer.bits(controls.rudder + CONTROL_STEPS, 4);
  writer.bits(controls.aim, 8);
  writer.bit(controls.fire);
  writer.bits(controls.lagTicks, 3);
  return writer.finish();
}

/** `undefined` for anything that encodeInput does not make from a frame within its ranges. */
export function decodeInput(bytes: Uint8Array): InputFrame | undefined {
  if (bytes.length > INPUT_FRAME_MAX_BYTES || frameKindOf(bytes) !== "input") return undefined;
  try {
    return readInput(new BitReader(bytes));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function readInput(reader: BitReader): InputFrame | undefined {
  reader.byte();
  const number = reader.varint(COUNTER_MAX);
  const tick = reader.varint(COUNTER_MAX);
  const controls = {
    throttle: reader.bits(4) - CONTROL_STEPS,
    rudder: reader.bits(4) - CONTROL_STEPS,
    aim: reader.bits(8),
    fire: reader.bit(),
    lagTicks: reader.bits(3),
  };
  reader.finish();
  if (number < 1 || controls.throttle > CONTROL_STEPS || controls.rudder > CONTROL_STEPS) return undefined;
  if (controls.aim >= AIM_STEPS || controls.lagTicks > MAX_REWIND_TICKS) return undefined;
  return { number, tick, controls };
}
