import { expect, test } from "vitest";
import type { BotOutcome } from "./bot.ts";
import { couldPlay, reportOf, tableOf } from "./report.ts";

function outcome(change: Partial<BotOutcome> = {}): BotOutcome {
  return {
    name: "Bot 1",
    wasSeated: true,
    seconds: 10,
    snapshots: 300,
    gapsMs: [33, 33, 34],
    recoveriesMs: [],
    bytesDown: 40_000,
    bytesUp: 2_000,
    inputs: { sent: 100, acked: 100, lost: 0, doubled: 0 },
    disconnects: 0,
    moves: 0,
    gateway: "s1",
    version: "v1",
    owner: "s1",
    ...change,
  };
}

test("rates are per player, counts are added, gaps are pooled", () => {
  const report = reportOf([
    outcome(),
    outcome({
      gateway: "s2",
      snapshots: 290,
      gapsMs: [33, 90],
      recoveriesMs: [90],
      moves: 2,
      name: "Bot 2",
      bytesDown: 60_000,
    }),
    outcome({ inputs: { sent: 90, acked: 88, lost: 1, doubled: 1 }, disconnects: 1 }),
  ]);
  expect(report).toEqual({
    players: 3,
    seconds: 10,
    snapshotsPerSecond: 29.67,
    gapMs: { p50: 33, p99: 90, max: 90 },
    recoveryMs: { count: 1, p50: 90, p95: 90, max: 90 },
    worstPlayer: { name: "Bot 2", gapMs: 90, disconnects: 0, moves: 2, gateway: "s2" },
    inputs: { sent: 290, acked: 288, lost: 1, doubled: 1 },
    disconnects: 1,
    moves: 2,
    movesPerPlayerMax: 2,
    moved: 1,
    movedMoreThanOnce: 1,
    bytesPerSecond: { down: 4_667, up: 200 },
    servers: { s1: 2, s2: 1 },
    versions: { v1: 3 },
    remote: 1,
  });
  expect(tableOf(report)).toContain("1 away");
});

test("who had no seat, or fewer than half of the snapshots, could not play and is not counted as a player", () => {
  expect(couldPlay(outcome())).toBe(true);
  expect(couldPlay(outcome({ wasSeated: false }))).toBe(false);
  expect(couldPlay(outcome({ snapshots: 149 }))).toBe(false);
  expect(reportOf([outcome(), outcome({ wasSeated: false })]).players).toBe(1);
});

test("nobody is a report too", () => {
  expect(reportOf([])).not.toHaveProperty("worstPlayer");
  expect(reportOf([])).toMatchObject({ players: 0, gapMs: { p50: 0, p99: 0, max: 0 }, movesPerPlayerMax: 0 });
});
