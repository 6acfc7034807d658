import { expect, test } from "vitest";
import { causesOf, figuresOf, tableOf, targetsOf } from "./report.ts";
import type { Felt } from "./run.ts";

const felt: Felt = {
  corrections: [
    { px: 0, cause: "other" },
    { px: 30, cause: "ram" },
    { px: 2, cause: "late input" },
    { px: 0, cause: "other" },
  ],
  shots: [
    { firedAtMs: 0, lagTicks: 7, nearestPx: 5, wasHit: true },
    { firedAtMs: 0, lagTicks: 7, nearestPx: 5, wasHit: false },
    { firedAtMs: 0, lagTicks: 7, nearestPx: 90, wasHit: true },
    { firedAtMs: 0, lagTicks: 7, nearestPx: 5, wasHit: undefined },
  ],
  delaysMs: [60, 70, 80],
  lagTicks: [7],
  leadTicks: [6],
  marginsTicks: [1, 2, -1, 1],
  guessErrorsPx: [],
  playerSeconds: 2,
  guessedShare: 0,
  ownLeapMaxPx: 4,
  otherLeapsPerSecond: 0.5,
};
const network = { rttMs: 150, jitterMs: 20 };

test("figures tell corrections by size and cause, and shots by how they looked and what came of them", () => {
  expect(figuresOf(network, "", felt, 0)).toMatchObject({
    calmCorrectionPx: { max: 2 },
    correctionPx: { max: 30 },
    noticeablePerSecond: 1,
    plainPerSecond: 0.5,
    causes: { ram: 1, "late input": 1, sinking: 0, other: 0 },
    lateShare: 0.25,
    shots: { fired: 3, struck: 2, struckAndHit: 1, hits: 2, hitsThatMissed: 1 },
    otherLeapsPerMinute: 30,
  });
});

test("targets are judged by the usual network with nothing turned off, and by the slowest answer of all", () => {
  const rows = [figuresOf(network, "", felt, 0), figuresOf({ rttMs: 80, jitterMs: 0 }, "", felt, 2)];
  const met = targetsOf([...rows, figuresOf(network, "prediction", felt, 60)]).map((target) => target.met);
  expect(met).toEqual([false, false, false, false]);
  expect(targetsOf(rows.slice(1))).toEqual([]);
  expect(targetsOf(rows.slice(0, 1))[0]).toMatchObject({ measured: "0 frames", met: true });
});

test("a table has a line for each game, and says so where nothing was to be counted", () => {
  const rows = [figuresOf(network, "", felt, 0), figuresOf(network, "prediction", { ...felt, shots: [] }, 12)];
  const lines = tableOf(rows).split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain("same frame");
  expect(lines[2]).toMatch(/prediction .*12 frames.*– of 0/);
  expect(causesOf(rows)).toBe(
    "Corrections over 1 px come from: ram 50.0 %, sinking 0.0 %, late input 50.0 %, other 0.0 %.",
  );
});
