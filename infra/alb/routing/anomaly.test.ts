import fc from "fast-check";
import { expect, test } from "vitest";
import type { TargetKey } from "../model/types.ts";
import { newStanding, nextStandings, type Standing, type Standings } from "./anomaly.ts";

const keys = ["a", "b", "c"] as TargetKey[];

/** One period of traffic: requests and failures of each target, then a step. */
function period(before: Standings, traffic: Record<string, [number, number]>, mitigate = true, who = keys): Standings {
  const counted = who.map((key) => {
    const each = before.get(key) ?? newStanding;
    const [requests = 0, failures = 0] = traffic[key] ?? [];
    return [key, { ...each, requests: each.requests + requests, failures: each.failures + failures }] as const;
  });
  return nextStandings(new Map<TargetKey, Standing>(counted), who, mitigate);
}
const good = { a: [100, 1], b: [100, 0], c: [100, 0] } satisfies Record<string, [number, number]>;
const bad = { ...good, c: [100, 60] } satisfies Record<string, [number, number]>;
const standing = (standings: Standings, key: string) => standings.get(key as TargetKey)!;

test("ALB-67: a target that fails far more than the others is anomalous, and its weight is halved with each step", () => {
  let now: Standings = period(new Map(), bad);
  expect(standing(now, "c")).toMatchObject({ anomalous: true, weight: 0.5 });
  expect(standing(now, "a")).toMatchObject({ anomalous: false, weight: 1 });
  now = period(now, bad);
  expect(standing(now, "c").weight).toBe(0.25);
  for (let i = 0; i < 10; i++) now = period(now, bad);
  expect(standing(now, "c").weight).toBe(0.05);
});

test("ALB-67: when it answers well again its weight comes back step by step", () => {
  let now: Standings = new Map();
  for (let i = 0; i < 6; i++) now = period(now, bad);
  const weights: number[] = [];
  for (let i = 0; i < 12; i++) {
    now = period(now, { ...good, c: [5, 0] });
    weights.push(standing(now, "c").weight);
  }
  expect(standing(now, "c")).toMatchObject({ anomalous: false, weight: 1 });
  const back = weights.slice(weights.findIndex((each) => each > 0.05) - 1);
  expect(back.slice(0, 4).map((each) => each.toFixed(2))).toEqual(["0.05", "0.25", "0.45", "0.65"]);
});

test("ALB-67: when all fail alike, as with a broken database, nobody is anomalous", () => {
  const now = period(new Map(), { a: [100, 90], b: [100, 80], c: [100, 100] });
  expect([...now.values()].map((each) => each.anomalous)).toEqual([false, false, false]);
});

test("ALB-67: two targets, or a handful of requests, are not enough to judge", () => {
  const two = keys.slice(1);
  expect(standing(period(new Map(), bad, true, two), "c").anomalous).toBe(false);
  expect(standing(period(new Map(), { ...good, c: [5, 5] }), "c").anomalous).toBe(false);
});

test("ALB-67: without mitigation anomalies are seen, and weights stay", () => {
  const now = period(new Map(), bad, false);
  expect(standing(now, "c")).toMatchObject({ anomalous: true, weight: 1 });
});

test("ALB-67: whatever the traffic, weights stay between 0.05 and 1, and quiet heals all", () => {
  const amount = fc.tuple(fc.nat(500), fc.nat(100));
  const periods = fc.array(fc.record({ a: amount, b: amount, c: amount }), { maxLength: 12 });
  fc.assert(
    fc.property(periods, (all) => {
      let now: Standings = new Map();
      for (const each of all) {
        const traffic = Object.fromEntries(
          Object.entries(each).map(([key, [requests, percent]]) => [key, [requests, (requests * percent) / 100]]),
        ) as Record<string, [number, number]>;
        now = period(now, traffic);
        for (const { weight } of now.values()) {
          expect(weight).toBeGreaterThanOrEqual(0.05);
          expect(weight).toBeLessThanOrEqual(1);
        }
      }
      for (let i = 0; i < 30; i++) now = period(now, {});
      for (const each of now.values()) expect(each).toMatchObject({ anomalous: false, weight: 1 });
    }),
    { seed: 67, numRuns: 200 },
  );
});
