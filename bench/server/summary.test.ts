import { expect, test } from "vitest";
import type { Outcome } from "./measure.ts";
import type { ContestantName } from "./plan.ts";
import { describe } from "./report.ts";
import { cpuRatio, summarise, targetsOf } from "./summary.ts";

const outcome = (name: ContestantName, round: number, cpuUs: number, more: Partial<Outcome> = {}): Outcome => ({
  ...{ name, round, cpuUs, userUs: cpuUs / 2, systemUs: cpuUs / 2, downShare: 1, upShare: 1 },
  ...{ bytesDownPerSecond: name === "colyseus" ? 20_000 : 4_000, bytesUpPerSecond: 400, bytesDownPerSecondMax: 5_000 },
  ...{ intervalP50Ms: 33, intervalP99Ms: 40, tickP99Ms: name === "tidegate" ? 2 : undefined },
  ...{ pauses: { count: 1, totalMs: 5, maxMs: 2, long: 0 }, residentMiB: 100, idleShare: 0.5 },
  ...more,
});

const outcomes = [
  ...[outcome("tidegate", 1, 900), outcome("ws", 1, 800), outcome("colyseus", 1, 1_500)],
  ...[outcome("tidegate", 2, 1_200), outcome("ws", 2, 1_000), outcome("colyseus", 2, 1_500)],
];

test("a ratio is taken within each round, and the median of the rounds counts", () => {
  expect(cpuRatio(outcomes, "tidegate", "ws")).toEqual({ median: 1.1625, min: 1.125, max: 1.2 });
  expect(cpuRatio(outcomes, "tidegate", "socket.io")).toBeUndefined();
});

test("a round whose traffic did not arrive is left out and named", () => {
  const all = [...outcomes, outcome("tidegate", 3, 10, { downShare: 0.8 }), outcome("ws", 3, 700)];
  const [own] = summarise(all, 5);
  expect(own).toMatchObject({ name: "tidegate", rounds: 3, disturbed: 1, cpuUs: { min: 900, max: 1_200 } });
  expect(cpuRatio(all, "tidegate", "ws")?.min).toBe(1.125);
  expect(describe(all, summarise(all, 5), 256)).toContain("tidegate: 1 of 3 rounds are left out");
});

test("each goal is judged by what is shown", () => {
  const targets = targetsOf(outcomes, summarise(outcomes, 5));
  expect(targets.map(({ what, measured, met }) => [what, measured, met])).toEqual([
    ["server: CPU of a player-second against colyseus", "0.70 ×", true],
    ["server: CPU of a player-second against ws", "1.16 ×", true],
    ["server: bytes down of a client, 32 boats", "4.0 KB/s", true],
    ["server: bytes down against colyseus", "0.20 ×", true],
    ["server: tick p99", "2.0 ms", true],
  ]);
});

test("without Tidegate there is nothing to judge", () => {
  const peers = outcomes.filter(({ name }) => name !== "tidegate");
  expect(targetsOf(peers, summarise(peers, 5))).toEqual([]);
});
