// Time, passed in: the system's in a page and in bots, a virtual one in tests.

export interface Clock {
  /** Milliseconds that never go back; in a page the same base as an animation frame's time. */
  now(): number;
  /** Runs `action` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
