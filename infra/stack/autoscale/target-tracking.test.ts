import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, type Reading, type Situation, type TargetTrackingPolicy } from "./target-tracking.ts";

const policy: TargetTrackingPolicy = {
  ...{ targetValue: 10, minServers: 1, maxServers: 8, periodSeconds: 5, scaleOutPeriods: 3, scaleInPeriods: 6 },
  ...{ scaleOutCooldownSeconds: 15, scaleInCooldownSeconds: 30 },
};

const readings = (servers: number, ...values: (number | undefined)[]): (Reading | undefined)[] =>
  values.map((value) => (value === undefined ? undefined : { value, servers }));

const decided = (situation: Partial<Situation>, changes: Partial<TargetTrackingPolicy> = {}) =>
  decide(
    { ...policy, ...changes },
    { ...{ nowMs: 100_000, servers: 2, readings: [], lastStep: undefined, deploying: false }, ...situation },
  );

test("above the target for as many periods as it takes, there are at once enough servers", () => {
  expect(decided({ readings: readings(2, 5, 30, 30) })).toMatchObject({ kind: "keep" });
  expect(decided({ readings: readings(2, 11, 30, 25) })).toEqual({ kind: "out", to: 5, why: "25 is above 10" });
  expect(decided({ readings: readings(2, 11, 11, 10.1) })).toMatchObject({ kind: "out", to: 3 });
});

test("exactly at the target nothing is done", () => {
  expect(decided({ readings: readings(2, 10, 10, 10, 10, 10, 10) })).toEqual({
    kind: "keep",
    why: "10 is not below 9",
  });
});

test("never more than the maximum, and never fewer than the minimum", () => {
  expect(decided({ readings: readings(2, 500, 500, 500) })).toMatchObject({ kind: "out", to: 8 });
  expect(decided({ servers: 8, readings: readings(8, 500, 500, 500) })).toEqual({
    kind: "keep",
    why: "8 is the maximum",
  });
  expect(decided({ servers: 5, readings: readings(5, 0, 0, 0, 0, 0, 0) }, { minServers: 2 })).toMatchObject({
    kind: "in",
    to: 2,
  });
  expect(decided({ servers: 1, readings: readings(1, 0, 0, 0, 0, 0, 0) })).toMatchObject({ kind: "keep" });
});

test("outside of the limits it does not wait for the metric", () => {
  expect(decided({ servers: 1 }, { minServers: 3 })).toEqual({ kind: "out", to: 3, why: "3 is the minimum" });
  expect(decided({ servers: 9 })).toEqual({ kind: "in", to: 8, why: "8 is the maximum" });
});

test("servers that were just added and are not measured yet count as part of the answer", () => {
  const lastStep = { kind: "out", to: 3, atMs: 99_000 } as const;
  expect(decided({ servers: 3, lastStep, readings: readings(1, 28, 29, 30) })).toMatchObject({ kind: "keep" });
  expect(decided({ servers: 3, lastStep, readings: readings(1, 28, 29, 41) })).toMatchObject({ kind: "out", to: 5 });
});

test("a step out that did not come about is tried again after the cool-down", () => {
  const failed = { servers: 1, readings: readings(1, 30, 30, 30) };
  expect(decided({ ...failed, lastStep: { kind: "out", to: 3, atMs: 85_001 } })).toMatchObject({ kind: "keep" });
  expect(decided({ ...failed, lastStep: { kind: "out", to: 3, atMs: 85_000 } })).toMatchObject({ kind: "out", to: 3 });
});

test("below the target it waits longer, and goes only as far as the highest of that time allows", () => {
  const servers = 4;
  expect(decided({ servers, readings: readings(4, 2, 2, 2, 2, 2) })).toEqual({
    kind: "keep",
    why: "the metric has gaps",
  });
  expect(decided({ servers, readings: readings(4, 2, 6, 2, 2, 2, 2) })).toEqual({
    kind: "in",
    to: 3,
    why: "6 is below 9",
  });
  expect(decided({ servers, readings: readings(4, 2, 9, 2, 2, 2, 2) })).toMatchObject({ kind: "keep" });
  expect(decided({ servers: 2, readings: readings(2, 8, 8, 8, 8, 8, 8) })).toEqual({
    kind: "keep",
    why: "2 are just enough",
  });
});

test("a metric with gaps decides nothing, neither out nor in", () => {
  expect(decided({ readings: readings(2, 30, undefined, 30) })).toMatchObject({ kind: "keep" });
  expect(decided({ readings: readings(2, 0, 0, 0, undefined, 0, 0) })).toMatchObject({ kind: "keep" });
  expect(decided({ readings: [] })).toEqual({ kind: "keep", why: "the metric has gaps" });
});

test("nothing is taken out during a cool-down, and much is added all the same", () => {
  const idle = { servers: 4, readings: readings(4, 1, 1, 1, 1, 1, 1) };
  expect(decided({ ...idle, lastStep: { kind: "out", to: 4, atMs: 85_001 } })).toEqual({
    kind: "keep",
    why: "cooling down",
  });
  expect(decided({ ...idle, lastStep: { kind: "out", to: 4, atMs: 85_000 } })).toMatchObject({ kind: "in", to: 1 });
  expect(decided({ ...idle, lastStep: { kind: "in", to: 4, atMs: 70_001 } })).toEqual({
    kind: "keep",
    why: "cooling down",
  });
  expect(decided({ ...idle, lastStep: { kind: "in", to: 4, atMs: 70_000 } })).toMatchObject({ kind: "in", to: 1 });
  const busy = { readings: readings(2, 30, 30, 30), lastStep: { kind: "in", to: 2, atMs: 99_000 } } as const;
  expect(decided(busy)).toMatchObject({ kind: "out", to: 6 });
});

test("while a deploy runs nothing is done at all", () => {
  expect(decided({ deploying: true, readings: readings(2, 30, 30, 30) })).toEqual({
    kind: "keep",
    why: "a deploy is under way",
  });
  expect(decided({ deploying: true, servers: 20 })).toMatchObject({ kind: "keep" });
});

test("under a steady load it comes to rest within the limits, and stays there", () => {
  const load = fc.record({ players: fc.integer({ min: 0, max: 100 }), servers: fc.integer({ min: 1, max: 8 }) });
  fc.assert(
    fc.property(load, ({ players, servers: first }) => {
      const steps = runFor(120, first, () => players);
      const rest = steps.at(-1)?.to ?? first;
      expect(steps.filter(({ atMs }) => atMs > 60_000)).toEqual([]);
      expect(rest).toBeGreaterThanOrEqual(Math.min(8, Math.ceil(players / 10)));
      expect(rest).toBeLessThanOrEqual(Math.max(first, Math.ceil(players / 9), 1));
      expect(new Set(steps.map(({ kind }) => kind)).size).toBeLessThanOrEqual(1);
    }),
    { seed: 6 },
  );
});

test("under a load that flaps it stays with the servers that the peaks need", () => {
  const steps = runFor(240, 1, (period) => (Math.floor(period / 4) % 2 === 0 ? 60 : 20));
  expect(steps).toEqual([{ kind: "out", to: 6, atMs: 15_000 }]);
});

/** Plays the policy against a load; servers that it asks for are there in the next period. */
function runFor(periods: number, first: number, players: (period: number) => number) {
  const steps: { kind: "out" | "in"; to: number; atMs: number }[] = [];
  const measured: Reading[] = [];
  let servers = first;
  for (let period = 0; period < periods; period += 1) {
    measured.push({ value: players(period) / servers, servers });
    const nowMs = (period + 1) * 5_000;
    const lastStep = steps.at(-1);
    const decision = decide(policy, { nowMs, servers, readings: measured, lastStep, deploying: false });
    if (decision.kind === "keep") continue;
    servers = decision.to;
    steps.push({ kind: decision.kind, to: decision.to, atMs: nowMs });
  }
  return steps;
}
