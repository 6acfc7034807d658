// A deliberate fault, for rehearsals of a deploy that goes wrong: the server stands still for a while, once a second, so that its players
// suffer although it is healthy. Off unless REHEARSE_STALL_MS says otherwise.

import type { Clock } from "./clock.ts";

const PERIOD_MS = 1_000;

/** Holds the event loop up for `stallMs` in every second, until the answer is called. */
export function rehearseStalls(clock: Clock, stallMs: number): () => void {
  let cancel = clock.after(PERIOD_MS, stall);
  function stall(): void {
    const untilMs = clock.now() + stallMs;
    while (clock.now() < untilMs);
    cancel = clock.after(PERIOD_MS, stall);
  }
  return () => cancel();
}
