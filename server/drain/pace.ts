// How fast players are sent elsewhere: evenly over the time that is left, so that the handshakes, which cost everybody CPU, do not come at once.

/** Slower than this would only make a departure long; faster, and players would feel it where a whole fleet leaves on two processors. */
export const MOVES_PER_SECOND_MIN = 2;
/** Faster than this the handshakes would only queue. */
export const MOVES_PER_SECOND_MAX = 200;

/** Milliseconds from one move to the next, when so many are left to be made in that time. */
export function moveIntervalMs(left: number, windowMs: number): number {
  const evenly = left > 0 ? windowMs / left : Number.POSITIVE_INFINITY;
  return Math.min(1000 / MOVES_PER_SECOND_MIN, Math.max(1000 / MOVES_PER_SECOND_MAX, evenly));
}
