import { expect, test } from "vitest";
import { MARKS_MAX, METER_SAMPLES_MAX, NetMeter } from "./net-meter.ts";

test("gaps are kept in a bounded list, the largest for ever", () => {
  const meter = new NetMeter();
  meter.snapshot(0, true, 0, 33);
  meter.snapshot(1, false, 500, 33);
  for (let tick = 2; tick < 400; tick++) meter.snapshot(tick, tick % 30 === 0, 500 + (tick - 1) * 33, 33);
  expect(meter.gapsMs.values).toHaveLength(METER_SAMPLES_MAX);
  expect(meter.gapsMs.values.every((gapMs) => gapMs === 33)).toBe(true);
  expect(meter.maxGapMs).toBe(500);
  expect(meter).toMatchObject({ snapshots: 400, keyframes: 14 });
});

test("jitter is the unevenness against the ticks, so a skipped snapshot alone is none", () => {
  const even = new NetMeter();
  for (let tick = 0; tick < 300; tick += 2) even.snapshot(tick, false, tick * 33, 33);
  expect(even.jitterMs).toBe(0);
  const uneven = new NetMeter();
  for (let tick = 0; tick < 300; tick++) uneven.snapshot(tick, false, tick * 33 + (tick % 2) * 10, 33);
  expect(uneven.jitterMs).toBeCloseTo(10, 0);
});

test("one slow round trip among quick ones is not the round trip", () => {
  const meter = new NetMeter();
  for (const rttMs of [20, 22, 900, 21, 20]) meter.roundTrip(rttMs);
  expect(meter.rttMs).toBe(21);
});

test("bytes a second are those of the last seconds", () => {
  const meter = new NetMeter();
  for (let second = 0; second <= 10; second++) meter.bytes(second * 5_000, second * 300, second * 1_000);
  expect(meter.bytesPerSecond).toEqual({ down: 5_000, up: 300 });
  expect(new NetMeter().bytesPerSecond).toEqual({ down: 0, up: 0 });
});

test("a move forgets the round trips of the way before", () => {
  const meter = new NetMeter();
  for (let ping = 0; ping < 8; ping++) meter.roundTrip(200);
  meter.moved(20);
  expect(meter.rttMs).toBe(20);
});

test("marks stand at the snapshot that was the newest, and only the last ones are kept", () => {
  const meter = new NetMeter();
  for (let tick = 1; tick <= 20; tick++) {
    meter.snapshot(tick, false, tick * 33, 33);
    meter.mark(`moved to s${tick}`);
  }
  expect(meter.marks).toHaveLength(MARKS_MAX);
  expect(meter.marks.at(-1)).toEqual({ atSnapshot: 20, text: "moved to s20" });
});
