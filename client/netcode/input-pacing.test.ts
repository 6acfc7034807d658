import { expect, test } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import { InputPacing, LEAD_MAX_TICKS, LEAD_MIN_TICKS, MARGIN_TICKS } from "./input-pacing.ts";

/** Reports twice a second what the owner would see over a way of `wayTicks` there and back. */
function settle(pacing: InputPacing, wayTicks: number, reports: number, startMs = 0): number[] {
  const margins: number[] = [];
  for (let at = 0; at < reports; at++) {
    const margin = Math.floor(pacing.leadTicks - 1 - wayTicks);
    margins.push(margin);
    pacing.report(margin, startMs + at * 500);
  }
  return margins;
}

test.each([0, 1.2, 2.4, 4.5, 7.5])("over a way of %d ticks the margin settles", (wayTicks) => {
  const pacing = new InputPacing();
  const last = settle(pacing, wayTicks, 40).slice(-10);
  expect(new Set(last)).toEqual(new Set([MARGIN_TICKS]));
});

test("a measured round trip is the first guess, the owner's word counts more", () => {
  const pacing = new InputPacing();
  pacing.roundTrip(10 * TICK_MS);
  expect(pacing.leadTicks).toBeCloseTo(12.5);
  pacing.report(1, 0);
  pacing.roundTrip(TICK_MS);
  expect(pacing.leadTicks).toBeCloseTo(12.5);
});

test("one change is answered for before the next is made", () => {
  const pacing = new InputPacing();
  pacing.report(-2, 0);
  const { leadTicks } = pacing;
  pacing.report(-2, 100);
  expect(pacing.leadTicks).toBe(leadTicks);
});

test("the lead stays within its bounds whatever is reported", () => {
  const pacing = new InputPacing();
  pacing.report(-1_000, 0);
  expect(pacing.leadTicks).toBe(LEAD_MAX_TICKS);
  pacing.report(1_000, 60_000);
  expect(pacing.leadTicks).toBe(LEAD_MIN_TICKS);
});
