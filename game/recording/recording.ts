// What a recording consists of: who came and went, and what people steered. With the rules of game/sim that is the whole match.
//
//   {"recording":1,"room":"QKXY","epoch":1,"seed":7}            a world begins at tick 0, a basin if it has no "waters"; "world" instead of "seed" if
//                                                              it had begun before
//   ["+",0,3,0]                                                  after tick 0 boat 3 is launched, steered by a person (1: by a bot)
//   ["in",12,[[3,7,-2,128,1,4,1]]]                               the step to tick 12 has these controls of boat 3 (see below)
//   ["#",30,2654435769]                                          the world's hash after tick 30
//   ["-",95,3]                                                   after tick 95 boat 3 is taken away
//   ["jump",100,160]                                             tick 100 is called 160 (a room that caught up with another owner)
//
// Controls are [boat, throttle, rudder, aim, fire, lagTicks, inputs that they stand for]. Bots steer themselves.

import type { Controls, WatersKind, World } from "../sim/index.ts";

export const RECORDING_VERSION = 1;

export interface RecordingHead {
  recording: typeof RECORDING_VERSION;
  room: string;
  epoch: number;
  seed?: number;
  /** Of the world of that seed; a basin has none. */
  waters?: WatersKind;
  world?: World;
}

export type SteeredBoat = [
  boat: number,
  throttle: number,
  rudder: number,
  aim: number,
  fire: 0 | 1,
  lagTicks: number,
  inputs: number,
];

export type RecordingLine =
  | ["+", tick: number, boat: number, bot: 0 | 1]
  | ["-", tick: number, boat: number]
  | ["in", tick: number, steered: SteeredBoat[]]
  | ["jump", fromTick: number, toTick: number]
  | ["#", tick: number, hash: number];

export function steeredBoat(boat: number, controls: Controls, inputs: number): SteeredBoat {
  const { throttle, rudder, aim, fire, lagTicks } = controls;
  return [boat, throttle, rudder, aim, fire ? 1 : 0, lagTicks, inputs];
}

export function controlsOf([, throttle, rudder, aim, fire, lagTicks]: SteeredBoat): Controls {
  return { throttle, rudder, aim, fire: fire === 1, lagTicks };
}
