// Trigonometry on whole numbers. Nothing here depends on an engine's Math.sin or Math.atan2, which may differ in the last bit:
// only + - * / and sqrt are used, and those are exact by IEEE 754.

import { AIM_STEPS, TURN } from "./constants.ts";

/** Sines are multiples of 1 / SINE_ONE. */
const SINE_BITS = 14;
export const SINE_ONE = 1 << SINE_BITS;
const HALF = SINE_ONE >> 1;
const QUARTER_TURN = TURN / 4;

function sineOfQuarter(step: number): number {
  const angle = (step * Math.PI) / (TURN / 2);
  let term = angle;
  let sum = angle;
  for (let n = 2; n <= 20; n += 2) {
    term = (-term * angle * angle) / (n * (n + 1));
    sum += term;
  }
  return Math.round(sum * SINE_ONE);
}

const SINES = new Int16Array(TURN);
for (let step = 0; step <= QUARTER_TURN; step++) {
  const value = sineOfQuarter(step);
  SINES[step] = value;
  SINES[TURN / 2 - step] = value;
  SINES[(TURN / 2 + step) % TURN] = -value;
  SINES[(TURN - step) % TURN] = -value;
}

/** Sine of a direction (any integer), times SINE_ONE. */
export function sine(direction: number): number {
  return SINES[direction & (TURN - 1)]!;
}

export function cosine(direction: number): number {
  return SINES[(direction + QUARTER_TURN) & (TURN - 1)]!;
}

/** A product with a sine, back in the other factor's unit, rounded. */
export function unscale(product: number): number {
  return (product + HALF) >> SINE_BITS;
}

/** Direction of the vector (dx, dy), 0 … TURN-1; 0 for the null vector. */
export function directionOf(dx: number, dy: number): number {
  const ax = Math.abs(dx);
  const ay = Math.abs(dy);
  if (ax === 0 && ay === 0) return 0;
  const ratio = ax > ay ? ay / ax : ax / ay;
  const square = ratio * ratio;
  // Polynomial for atan on 0 … 1, error below 0.0001 radian: a tenth of a step.
  const angle =
    ratio * (0.999866 + square * (-0.3302995 + square * (0.180141 + square * (-0.085133 + square * 0.0208351))));
  let steps = Math.round((angle * (TURN / 2)) / Math.PI);
  if (ay > ax) steps = QUARTER_TURN - steps;
  if (dx < 0) steps = TURN / 2 - steps;
  if (dy < 0) steps = TURN - steps;
  return steps & (TURN - 1);
}

/** The shorter way from one direction to another, -TURN/2 … TURN/2-1. */
export function turnBetween(from: number, to: number): number {
  return ((to - from + TURN / 2) & (TURN - 1)) - TURN / 2;
}

/** A direction as a gun's aim, 0 … AIM_STEPS-1. */
export function aimOf(direction: number): number {
  return ((direction + TURN / AIM_STEPS / 2) >> 4) & (AIM_STEPS - 1);
}

/** A gun's aim as a direction. */
export function directionOfAim(aim: number): number {
  return aim * (TURN / AIM_STEPS);
}

/** Whole length of (dx, dy), rounded down. */
export function lengthOf(dx: number, dy: number): number {
  return Math.floor(Math.sqrt(dx * dx + dy * dy));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
