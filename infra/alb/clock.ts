// The only source of time in the load balancer; tests pass a virtual one (testing/virtual-clock.ts).

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the epoch, with fractions; never goes back. */
  nowMs(): number;
  /** Runs `task` once after `delayMs`. A pending timer does not keep the process alive. */
  after(delayMs: number, task: () => void): Timer;
}

const LONGEST_NODE_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  after(delayMs, task) {
    const handle = setTimeout(task, Math.min(Math.max(delayMs, 0), LONGEST_NODE_TIMER_MS));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
