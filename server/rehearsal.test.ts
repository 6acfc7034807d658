import { describe, expect, it } from "vitest";
import { rehearseStalls } from "./rehearsal.ts";

/** Time that goes on by itself, a millisecond with each look at it. */
function busyClock() {
  let nowMs = 0;
  const waiting: { atMs: number; action: () => void }[] = [];
  return {
    now: () => nowMs++,
    wallNow: () => 0,
    after(delayMs: number, action: () => void) {
      const entry = { atMs: nowMs + delayMs, action };
      waiting.push(entry);
      return () => void waiting.splice(waiting.indexOf(entry), 1);
    },
    /** Runs what comes next; answers how long that took. */
    next(): number {
      const entry = waiting.shift()!;
      nowMs = Math.max(nowMs, entry.atMs);
      const fromMs = nowMs;
      entry.action();
      return nowMs - fromMs;
    },
    get isIdle() {
      return waiting.length === 0;
    },
  };
}

describe("a rehearsal of stalls", () => {
  it("holds everything up for that long, again and again, until it is over", () => {
    const clock = busyClock();
    const end = rehearseStalls(clock, 150);
    for (let round = 0; round < 3; round++) {
      const tookMs = clock.next();
      expect(tookMs).toBeGreaterThanOrEqual(150);
      expect(tookMs).toBeLessThan(160);
    }
    end();
    expect(clock.isIdle).toBe(true);
  });
});
