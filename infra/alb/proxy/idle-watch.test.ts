import { expect, test } from "vitest";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { IdleWatch } from "./idle-watch.ts";

function setUp(timeoutMs = 60_000) {
  const clock = new VirtualClock();
  const watch = new IdleWatch(clock);
  const seen = { bytes: 0, idle: 0, timeoutMs };
  const stop = watch.add({
    bytesMoved: () => seen.bytes,
    timeoutMs: () => seen.timeoutMs,
    onIdle: () => seen.idle++,
  });
  return { clock, watch, seen, stop };
}

test("ALB-6: a silent connection is found when its timeout has passed, at most a sweep later", () => {
  const { clock, seen } = setUp();
  clock.advance(59_999);
  expect(seen.idle).toBe(0);
  clock.advance(251);
  expect(seen.idle).toBe(1);
});

test("ALB-6: any byte starts the timeout anew", () => {
  const { clock, seen } = setUp();
  clock.advance(59_000);
  seen.bytes++;
  clock.advance(59_000);
  expect(seen.idle).toBe(0);
  clock.advance(1_500);
  expect(seen.idle).toBe(1);
});

test("ALB-6: a changed timeout counts for connections that are open", () => {
  const { clock, seen } = setUp();
  clock.advance(10_000);
  seen.timeoutMs = 5_000;
  clock.advance(250);
  expect(seen.idle).toBe(1);
});

test("what is no longer watched is left alone", () => {
  const { clock, seen, stop, watch } = setUp();
  stop();
  clock.advance(120_000);
  expect(seen.idle).toBe(0);
  watch.close();
  expect(clock.pendingTimers).toBe(0);
});
