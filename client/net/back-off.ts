// How long to wait before the next attempt: full jitter, so that players who lost a server together do not come back together.

/** Upper bound of the first wait. It doubles with each attempt … */
export const BACK_OFF_BASE_MS = 250;
/** … up to this. */
export const BACK_OFF_CAP_MS = 4_000;

/** A server that answers "try again" is asked again within this time, so often; then the waits grow as well. */
export const TRY_AGAIN_MS = 600;
export const TRY_AGAIN_MAX = 8;

/** A move that was turned away is tried again within this time at first, elsewhere if the load balancer will; it doubles … */
export const MOVE_AGAIN_MS = 150;
/** … up to this: the old connection goes on meanwhile, and every dial costs the servers a handshake. */
export const MOVE_AGAIN_CAP_MS = 2_000;

/** A wait for the given attempt (0, 1, 2 …). `random` gives 0 … 1. */
export function backOffMs(attempt: number, random: () => number): number {
  const ceilingMs = Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** Math.min(attempt, 16));
  return random() * ceilingMs;
}

/** A wait before a move's next attempt, after 0, 1, 2 … that failed. */
export function moveAgainMs(failures: number, random: () => number): number {
  return random() * Math.min(MOVE_AGAIN_CAP_MS, MOVE_AGAIN_MS * 2 ** Math.min(failures, 16));
}
