import { expect, test } from "vitest";
import { type ArenaOutcome, costRatio, describe, type Situation, targetsOf } from "./arena.ts";

const outcome = (
  situation: Situation,
  round: number,
  cpuUs: number,
  more: Partial<ArenaOutcome> = {},
): ArenaOutcome => ({
  ...{ name: "tidegate", situation, round, cpuUs, userUs: cpuUs / 2, systemUs: cpuUs / 2, downShare: 1, upShare: 1 },
  ...{ bytesDownPerSecond: 4_000, bytesUpPerSecond: 400, bytesDownPerSecondMax: 5_000 },
  ...{ intervalP50Ms: 33, intervalP99Ms: 40, tickP99Ms: 5, inMiddleShare: 0.7 },
  ...{ pauses: { count: 1, totalMs: 5, maxMs: 2, long: 0 }, residentMiB: 100, idleShare: 0.5 },
  ...more,
});

const outcomes = [
  ...[outcome("rooms", 1, 1_000), outcome("spread", 1, 1_500), outcome("crowd", 1, 2_500, { tickP99Ms: 17 })],
  ...[outcome("rooms", 2, 800), outcome("spread", 2, 1_600), outcome("crowd", 2, 2_400, { tickP99Ms: 17 })],
];

test("the cost in an arena is told against rooms of the same round", () => {
  expect(costRatio(outcomes, "spread")).toBe(1.75);
});

test("each situation has its goals, and each goal its verdict", () => {
  expect(targetsOf(outcomes).map(({ what, met }) => [what, met])).toEqual([
    ["arena: CPU of a player against rooms of 32, spread", true],
    ["arena: bytes down of a client, spread", true],
    ["arena: tick p99, spread", true],
    ["arena: CPU of a player against rooms of 32, crowd", false],
    ["arena: bytes down of a client, crowd", true],
    ["arena: tick p99, crowd", false],
  ]);
});

test("the table says how much of a crowd the crowd is", () => {
  expect(describe(outcomes, 500)).toMatch(/a crowd in the middle .* 70 %/);
});
