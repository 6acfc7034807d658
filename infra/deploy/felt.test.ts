import { expect, test } from "vitest";
import { complaints, type Felt, feltByAll, feltSince, limitsAfter } from "./felt.ts";
import { feltLimits } from "./limits.ts";

const calm: Felt = {
  players: 6,
  gapMs: { p50: 33, p99: 40, max: 60 },
  inputs: { lost: 0, doubled: 0 },
  ...{ disconnects: 0, moves: 6, movesPerPlayerMax: 1, moved: 6, movedMoreThanOnce: 0 },
};

test("whoever was moved once and kept every input noticed nothing", () => {
  expect(complaints(calm, feltLimits)).toEqual([]);
  expect(complaints({ ...calm, gapMs: { p50: 33, p99: 100, max: 250 } }, feltLimits)).toEqual([]);
});

test("each limit that is broken is told with its value", () => {
  const bad: Felt = {
    ...calm,
    gapMs: { p50: 33, p99: 120.4, max: 400 },
    inputs: { lost: 2, doubled: 1 },
    ...{ disconnects: 3, movesPerPlayerMax: 2 },
  };
  expect(complaints(bad, feltLimits)).toEqual([
    "gap p99 120 ms (limit 100 ms)",
    "longest gap 400 ms (limit 250 ms)",
    "disconnects 3 (limit 0)",
    "inputs lost 2 (limit 0)",
    "inputs doubled 1 (limit 0)",
    "moves of one player 2 (limit 1)",
  ]);
});

test("a calm beginning leaves the limits as they are", () => {
  expect(limitsAfter({ ...calm, moves: 0, movesPerPlayerMax: 0 }, feltLimits)).toEqual(feltLimits);
});

test("what was there before is not blamed on the deploy: gaps may grow by half, counts by what the limits say", () => {
  const baseline: Felt = {
    ...calm,
    gapMs: { p50: 33, p99: 140, max: 200 },
    inputs: { lost: 4, doubled: 0 },
    ...{ disconnects: 2, movesPerPlayerMax: 0 },
  };
  expect(limitsAfter(baseline, feltLimits)).toEqual({
    ...{ gapP99Ms: 210, gapMaxMs: 300, disconnects: 2, inputsLost: 4, inputsDoubled: 0, movesPerPlayer: 1 },
  });
});

test("the longest gap is not forgotten when the reports have", () => {
  const bad = feltSince(undefined, { ...calm, gapMs: { p50: 33, p99: 90, max: 240 } });
  expect(feltSince(bad, calm).gapMs).toEqual({ p50: 33, p99: 40, max: 240 });
  expect(feltSince(calm, bad).gapMs.max).toBe(240);
});

test("of several groups the worst gaps count, and the sum of everything else", () => {
  const other: Felt = { ...calm, players: 3, gapMs: { p50: 34, p99: 35, max: 90 }, disconnects: 1 };
  expect(feltByAll([calm, other])).toMatchObject({
    players: 9,
    gapMs: { p50: 34, p99: 40, max: 90 },
    ...{ disconnects: 1, moved: 12, movesPerPlayerMax: 1 },
  });
  expect(feltByAll([])).toBeUndefined();
});
