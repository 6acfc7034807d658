// What can be turned off in the game so that one feels what it does (docs/netcode.md). The netcode reads these through one object that it is
// given; whoever owns the object may change it while the game runs. With everything as in NORMAL the game is as if there were no lessons.

/**
 * How far in the past others are drawn.
 * - `adaptive`: as far as the measured jitter asks for.
 * - `fixed`: FIXED_DELAY_MS, whatever the network does.
 * - `none`: at the newest tick that can be known; what is not known yet is guessed from velocities.
 */
export type DelayLesson = "adaptive" | "fixed" | "none";

export const FIXED_DELAY_MS = 100;

export interface Lessons {
  /** The own boat is drawn ahead of the server. Off: it is drawn like all others, from what the server said. */
  prediction: boolean;
  /** What the server says of the own boat replaces what was predicted. Off: only a sinking or a pause does, and errors stay. */
  reconciliation: boolean;
  /** Corrections of the own boat fade. Off: they jump. */
  smoothing: boolean;
  /** Others are drawn between two snapshots. Off: where the newest one has them. */
  interpolation: boolean;
  delay: DelayLesson;
  /** Shots say how far in the past the shooter saw the others. Off: they are checked against where the others are by then. */
  rewind: boolean;
  /** Snapshots are differences. Off: keyframes are asked for again and again. */
  deltas: boolean;
  /** The own clock runs far enough ahead for inputs to come in time. Off: it runs with the snapshots, and inputs come late. */
  pacing: boolean;
  /** Shows where the newest snapshot has the boats, beside where they are drawn. */
  ghost: boolean;
}

export const NORMAL: Readonly<Lessons> = Object.freeze({
  prediction: true,
  reconciliation: true,
  smoothing: true,
  interpolation: true,
  delay: "adaptive",
  rewind: true,
  deltas: true,
  pacing: true,
  ghost: false,
});
