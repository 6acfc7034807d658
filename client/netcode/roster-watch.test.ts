import { expect, it } from "vitest";
import { ROSTER_LATE_MS, RosterWatch } from "./roster-watch.ts";

it("is content while snapshots name the roster that is known", () => {
  const watch = new RosterWatch();
  watch.roster(3);
  expect(watch.isMissed(3, 0)).toBe(false);
  expect(watch.isMissed(3, 10 * ROSTER_LATE_MS)).toBe(false);
});

it("waits for a roster that is only late, then asks, and asks again", () => {
  const watch = new RosterWatch();
  watch.roster(3);
  expect(watch.isMissed(4, 0)).toBe(false);
  expect(watch.isMissed(4, ROSTER_LATE_MS - 1)).toBe(false);
  expect(watch.isMissed(4, ROSTER_LATE_MS)).toBe(true);
  expect(watch.isMissed(4, ROSTER_LATE_MS + 33)).toBe(false);
  expect(watch.isMissed(4, 2 * ROSTER_LATE_MS)).toBe(true);
});

it("does not ask when the roster came in time", () => {
  const watch = new RosterWatch();
  watch.roster(3);
  watch.isMissed(4, 0);
  watch.roster(4);
  expect(watch.isMissed(5, ROSTER_LATE_MS)).toBe(false);
});

it("asks for a roster whose version went back, as it does under an owner that counts on from a checkpoint", () => {
  const watch = new RosterWatch();
  watch.roster(9);
  expect(watch.isMissed(7, 0)).toBe(false);
  expect(watch.isMissed(7, ROSTER_LATE_MS)).toBe(true);
  watch.roster(7);
  expect(watch.isMissed(7, 2 * ROSTER_LATE_MS)).toBe(false);
});
