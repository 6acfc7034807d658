// What a room's world consists of: plain data, integers only, fit for a wire and a checkpoint. No behaviour here.

import type { WatersKind } from "./waters.ts";

/** What a player asks the boat to do. Held until something else is asked. */
export interface Controls {
  /** -CONTROL_STEPS (full astern) … CONTROL_STEPS (full ahead). */
  throttle: number;
  /** -CONTROL_STEPS (left) … CONTROL_STEPS (right). */
  rudder: number;
  /** 0 … AIM_STEPS-1, absolute direction of the gun. */
  aim: number;
  fire: boolean;
  /** How many ticks behind the label of this input the shooter saw the others, 0 … MAX_REWIND_TICKS. */
  lagTicks: number;
}

/** The part of a boat that is seen by everybody and travels in snapshots. */
export interface BoatState {
  /** Position, units, 0 … the waters' width and height. */
  x: number;
  y: number;
  /** Velocity, units a tick, within ±MAX_SPEED_UNITS_PER_TICK. */
  vx: number;
  vy: number;
  /** 0 … TURN-1. */
  heading: number;
  /** Directions a tick, within ±MAX_TURN_RATE_PER_TICK. */
  turnRate: number;
  /** 0 … AIM_STEPS-1. */
  aim: number;
  /** 0 (sunk) … HULL_FULL. */
  hull: number;
  /** Ticks until the gun can fire, 0 … RELOAD_TICKS. */
  reload: number;
  /** Pearls aboard. */
  pearls: number;
  /** Points of this round. */
  score: number;
  /** Boats sunk, and times sunk, in this round. */
  sinkings: number;
  losses: number;
  /** Ticks until the boat is back, 0 while afloat. */
  respawnIn: number;
  /** Ticks for which nothing hurts. */
  protectedFor: number;
}

/** A boat as its owner knows it. */
export interface Boat extends BoatState {
  bot: boolean;
  controls: Controls;
  /** Input messages applied to this boat since it was launched; compared with what was sent, it shows losses and doubles. */
  inputsApplied: number;
}

export interface Ball {
  id: number;
  /** Index of the boat that fired it. */
  boat: number;
  /** Where it is now, units, and its velocity, units a tick (not bounded by a boat's speed). */
  x: number;
  y: number;
  vx: number;
  vy: number;
  ticksLeft: number;
  /** It is checked against where boats were this many ticks ago: where the shooter saw them. */
  lagTicks: number;
}

export interface Pearl {
  id: number;
  x: number;
  y: number;
}

export type Phase = "playing" | "podium";

export interface World {
  /** The last step that was taken; never goes back. */
  tick: number;
  /** Chooses islands, current and spawn points; the same seed gives the same basin. */
  seed: number;
  /** The kind of waters: how large, and for how many. */
  waters: WatersKind;
  /** State of the generator that all randomness comes from, unsigned 32 bits. */
  random: number;
  phase: Phase;
  phaseEndsAtTick: number;
  /** Counts rounds from 1. */
  round: number;
  /** As long as the waters have seats; `null` is a free one. */
  boats: (Boat | null)[];
  balls: Ball[];
  pearls: Pearl[];
  nextBallId: number;
  nextPearlId: number;
  /** Where boats were in the last MAX_REWIND_TICKS ticks, newest first: [x, y] per boat, `null` if absent or sunk. */
  history: ([number, number] | null)[][];
}

/** What happened in a step, in order. Positions in units. */
export type GameEvent =
  | { type: "shot"; ball: number; boat: number; x: number; y: number; vx: number; vy: number }
  | { type: "hit"; ball: number; boat: number; by: number; damage: number }
  | { type: "bounce"; boat: number; x: number; y: number; strength: number }
  | { type: "sunk"; boat: number; by: number }
  | { type: "respawn"; boat: number }
  | { type: "pearl-spawn"; pearl: number; x: number; y: number }
  | { type: "pearl-taken"; pearl: number; boat: number }
  | { type: "pearl-gone"; pearl: number }
  | { type: "round-start"; round: number }
  | { type: "round-end"; round: number };

/** New controls for this tick by boat index; `undefined` holds the previous ones. */
export type StepInputs = readonly (Controls | undefined)[];

/** What everybody in a room may know after a tick: what a snapshot carries and a client draws. */
export interface View {
  tick: number;
  seed: number;
  waters: WatersKind;
  phase: Phase;
  phaseEndsAtTick: number;
  round: number;
  boats: (BoatState | null)[];
  pearls: Pearl[];
}
