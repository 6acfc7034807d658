// Randomness that belongs to a world: a generator whose whole state is one number, and noise that has no state at all.

/** Anything that carries a generator's state: a World does. */
export interface RandomState {
  /** Unsigned 32 bits. */
  random: number;
}

/** Scrambles 32 bits; equal input, equal output, on every engine. */
export function scramble(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The next number of the generator, unsigned 32 bits. */
export function nextRandom(state: RandomState): number {
  state.random = (state.random + 0x9e3779b9) >>> 0;
  return scramble(state.random);
}

/** 0 … limit-1. */
export function randomBelow(state: RandomState, limit: number): number {
  return Math.floor((nextRandom(state) / 0x1_0000_0000) * limit);
}

/** low … high, both included. */
export function randomBetween(state: RandomState, low: number, high: number): number {
  return low + randomBelow(state, high - low + 1);
}

/** A number in 0 … limit-1 that depends on its arguments alone. */
export function noiseBelow(limit: number, a: number, b: number, c = 0): number {
  const bits = scramble(Math.imul(a, 0x27d4eb2f) ^ scramble(Math.imul(b, 0x165667b1) ^ scramble(c + 0x3c6ef372)));
  return Math.floor((bits / 0x1_0000_0000) * limit);
}
