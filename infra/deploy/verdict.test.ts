import { expect, test } from "vitest";
import type { Felt } from "./felt.ts";
import { feltLimits } from "./limits.ts";
import type { Plan } from "./plan.ts";
import { reportText } from "./report-text.ts";
import { type DeployFacts, reportOf } from "./verdict.ts";

const plan: Plan = {
  strategy: "rolling",
  from: "v1",
  fromGeneration: 1,
  to: "v2",
  generation: 2,
  count: 3,
  environment: {},
  isUnfinished: false,
};
const felt: Felt = {
  players: 6,
  gapMs: { p50: 33.3, p99: 41, max: 78 },
  inputs: { lost: 0, doubled: 0 },
  ...{ disconnects: 0, moves: 6, movesPerPlayerMax: 1, moved: 6, movedMoreThanOnce: 0 },
};

const facts = (change: Partial<DeployFacts>): DeployFacts => ({
  ...{ plan, moved: 31, seconds: 19.44, felt, gone: [], baseline: felt, limits: feltLimits, targets: [] },
  outcome: { kind: "rolled-out", left: [] },
  ...change,
});

test("a deploy within the limits is unnoticed, and the report has the shape that scripts read", () => {
  const report = reportOf(facts({}));
  expect(report).toEqual({
    ...{ strategy: "rolling", from: "v1", to: "v2", generation: 2, seconds: 19.4, verdict: "unnoticed", reason: null },
    limits: feltLimits,
    before: [],
    players: { moved: 31, movedMoreThanOnce: 0, disconnected: 0 },
    gapMs: { p50: 33.3, p99: 41, max: 78 },
    inputs: { lost: 0, doubled: 0 },
    targets: [],
  });
  expect(reportText(report)).toContain("Nobody noticed: v1 -> v2 (rolling) in 19.4 s.");
});

test("one lost input is noticed", () => {
  const report = reportOf(facts({ felt: { ...felt, inputs: { lost: 1, doubled: 0 } } }));
  expect(report).toMatchObject({ verdict: "noticed", reason: "all in all, canaries felt inputs lost 1 (limit 0)" });
});

test("an old server that does not leave is noticed", () => {
  const report = reportOf(facts({ outcome: { kind: "rolled-out", left: ["s1"] } }));
  expect(report).toMatchObject({ verdict: "noticed", reason: "s1 still runs after its deadline" });
});

test("a rollback is told with its reason, however calm it was", () => {
  const report = reportOf(facts({ outcome: { kind: "rolled-back", reason: "s4 ended", left: [] } }));
  expect(report).toMatchObject({ verdict: "rolled-back", reason: "s4 ended" });
  expect(reportText(report)).toContain("Rolled back: v1 -> v2");
});

test("what was beyond the limits before is told, and is no verdict on the deploy", () => {
  const noisy: Felt = { ...felt, gapMs: { p50: 33, p99: 130, max: 200 } };
  const report = reportOf(facts({ felt: noisy, baseline: noisy, limits: { ...feltLimits, gapP99Ms: 195 } }));
  expect(report).toMatchObject({ verdict: "unnoticed", before: ["gap p99 130 ms (limit 100 ms)"] });
  expect(reportText(report)).toContain("before it");
});

test("where servers do not count moves, the canaries' count is told", () => {
  expect(reportOf(facts({ moved: undefined })).players.moved).toBe(6);
});

test("without canaries nobody can tell, and nothing is made up", () => {
  const report = reportOf(facts({ felt: undefined, baseline: undefined, moved: undefined }));
  expect(report.players).toEqual({ moved: null, movedMoreThanOnce: null, disconnected: null });
  expect(report).toMatchObject({ gapMs: { p99: null }, inputs: { lost: null } });
  expect(reportText(report)).toContain("p99 ?");
  expect(reportText(report)).toContain("Done, and nobody played to judge it: v1 -> v2");
});
