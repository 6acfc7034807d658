// What a run is measured against: the numbers of docs/operations.md, in one place.

/** Players of the runs. */
export const PLAYERS = 60;
/** So many that one of three servers has at least KILLED_PLAYERS_MIN of them. */
export const KILL_CROWD = 63;
export const KILLED_PLAYERS_MIN = 20;

/** What a change that was planned may cost a player. */
export const PLANNED = {
  disconnects: 0,
  inputsLost: 0,
  inputsDoubled: 0,
  movesOfOnePlayer: 1,
  gapP99Ms: 100,
  gapMaxMs: 250,
} as const;

/** What the death of a server may cost. */
export const CRASH = { playingAgainP95Ms: 2_000, stateLossMs: 1_000, scoresLost: 0 } as const;

/** What trouble with Redis may cost: nothing where player and room are on one server; a pause where they are not. */
export const REDIS = { disconnects: 0, localGapMaxMs: 250, remoteBackMs: 2_000, roomsMoved: 0, scoresLost: 0 } as const;
/** A Redis that is slow, but there: nobody stops, those away from their room's owner hear it later. */
export const SLOW_REDIS_MS = 500;

/** A server that was cut off alone is forked, and the fork ends within this time of its return. */
export const FORK_ENDS_MS = 2_000;

/** After a scale-out, the fullest server against the mean. */
export const BALANCE_MAX = 1.5;
