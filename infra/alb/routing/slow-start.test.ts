import fc from "fast-check";
import { expect, test } from "vitest";
import { type TargetKey, targetKey } from "../model/types.ts";
import { forwardTo, group, groupArn, stateOf, target } from "../testing/fixtures.ts";
import { type Balance, chooseTarget } from "./choose-target.ts";
import { nextWarmths, shareOf, type Warmths } from "./slow-start.ts";
import { buildTable, type ForwardRoute, type GroupRoute } from "./table.ts";
import type { ObservedStatus } from "./usable-targets.ts";

type Healths = Readonly<Record<number, ObservedStatus>>;

/** A group that lives on; each step says which targets there are now and how they are. */
function life(durationSeconds = 100) {
  let warmths: Warmths = new Map();
  let nowMs = 0;
  let route: GroupRoute | undefined;
  return {
    step(atSeconds: number, healths: Healths, seconds = durationSeconds) {
      nowMs = atSeconds * 1000;
      const targets = Object.keys(healths).map((port) => target(Number(port)));
      const attributes = { "slow_start.duration_seconds": String(seconds) };
      const state = stateOf({ groups: [group("g", targets, attributes)], defaultAction: forwardTo(["g", 1]) });
      const health = (key: TargetKey) => healths[Number(key.split("|")[2])];
      warmths = nextWarmths(warmths, state, health, nowMs);
      const { action } = buildTable(state, health, { warmths, routeToInitial: false }).listeners.get(80)!.rules[0]!;
      route = (action as ForwardRoute).groups[0]!.group;
    },
    warming: () => [...warmths].filter(([, each]) => each.kind === "warming").map(([key]) => Number(key.split("|")[2])),
    /** Requests of `count` that each target gets at that time. */
    shares(atSeconds: number, count = 1_000) {
      const got: Record<number, number> = {};
      for (let turn = 0; turn < count; turn++) {
        const balance: Balance = {
          turn,
          nowMs: atSeconds * 1000,
          random: () => 0,
          outstanding: () => 0,
          weight: () => 1,
        };
        const port = chooseTarget(route!, balance)!.port;
        got[port] = (got[port] ?? 0) + 1 / count;
      }
      return got;
    },
  };
}

test("ALB-65: a target that becomes healthy beside a healthy one enters slow start, and leaves it when the time is up", () => {
  const it = life();
  it.step(0, { 1: "healthy" });
  it.step(5, { 1: "healthy", 2: "initial" });
  expect(it.warming()).toEqual([]);
  it.step(10, { 1: "healthy", 2: "healthy" });
  expect(it.warming()).toEqual([2]);
  it.step(109, { 1: "healthy", 2: "healthy" });
  expect(it.warming()).toEqual([2]);
  it.step(110, { 1: "healthy", 2: "healthy" });
  expect(it.warming()).toEqual([]);
});

test("ALB-65: its share of the requests grows linearly to a full one", () => {
  const it = life();
  it.step(0, { 1: "healthy", 3: "healthy" });
  it.step(0, { 1: "healthy", 2: "initial", 3: "healthy" });
  it.step(10, { 1: "healthy", 2: "healthy", 3: "healthy" });
  expect(it.shares(10)[2] ?? 0).toBe(0);
  expect(it.shares(35)[2]).toBeCloseTo(0.25 / 2.25, 2);
  expect(it.shares(60)[2]).toBeCloseTo(0.5 / 2.5, 2);
  expect(it.shares(85)[2]).toBeCloseTo(0.75 / 2.75, 2);
  expect(it.shares(110)[2]).toBeCloseTo(1 / 3, 2);
});

test("ALB-65: the batch that comes into an empty group does not enter, in whatever order it becomes healthy", () => {
  const it = life();
  it.step(0, { 1: "initial", 2: "initial", 3: "initial" });
  it.step(1, { 1: "initial", 2: "healthy", 3: "initial" });
  it.step(2, { 1: "healthy", 2: "healthy", 3: "initial" });
  it.step(3, { 1: "healthy", 2: "healthy", 3: "healthy" });
  expect(it.warming()).toEqual([]);
});

test("ALB-65: beside targets that are all in slow start themselves nobody enters", () => {
  const it = life();
  it.step(0, { 1: "healthy" });
  it.step(1, { 1: "healthy", 2: "initial" });
  it.step(2, { 1: "healthy", 2: "healthy" });
  it.step(3, { 2: "healthy", 3: "initial" });
  it.step(4, { 2: "healthy", 3: "healthy" });
  expect(it.warming()).toEqual([2]);
});

test("ALB-65: an unhealthy target leaves it and starts anew when it recovers; so does one that is registered again", () => {
  const it = life();
  it.step(0, { 1: "healthy" });
  it.step(1, { 1: "healthy", 2: "initial" });
  it.step(2, { 1: "healthy", 2: "healthy" });
  it.step(3, { 1: "healthy", 2: "unhealthy" });
  expect(it.warming()).toEqual([]);
  it.step(90, { 1: "healthy", 2: "healthy" });
  expect(it.shares(140)[2]).toBeCloseTo(0.5 / 1.5, 2);
  it.step(150, { 1: "healthy" });
  it.step(151, { 1: "healthy", 2: "initial" });
  it.step(160, { 1: "healthy", 2: "healthy" });
  expect(it.shares(210)[2]).toBeCloseTo(0.5 / 1.5, 2);
});

test("ALB-65: targets that are there when it is switched on do not enter, and switching it off ends it", () => {
  const it = life();
  it.step(0, { 1: "healthy", 2: "healthy" }, 0);
  it.step(1, { 1: "healthy", 2: "healthy" });
  expect(it.warming()).toEqual([]);
  it.step(2, { 1: "healthy", 2: "healthy", 3: "initial" });
  it.step(3, { 1: "healthy", 2: "healthy", 3: "healthy" });
  expect(it.warming()).toEqual([3]);
  it.step(4, { 1: "healthy", 2: "healthy", 3: "healthy" }, 0);
  expect(it.warming()).toEqual([]);
});

test("ALB-65: a target in slow start serves at once when it is the only one left", () => {
  const it = life();
  it.step(0, { 1: "healthy" });
  it.step(1, { 1: "healthy", 2: "initial" });
  it.step(2, { 1: "healthy", 2: "healthy" });
  it.step(2, { 1: "unhealthy", 2: "healthy" });
  expect(it.shares(2)).toEqual({ 2: expect.closeTo(1) });
});

test("ALB-65: whoever is in slow start, the shares that targets get are those of their warmth, and sum to one", () => {
  const since = fc.array(fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(since, fc.integer({ min: 0, max: 250 }), (sinceSeconds, nowSeconds) => {
      const nowMs = nowSeconds * 1000;
      const targets = sinceSeconds.map((seconds, port) => ({
        ...{ key: targetKey(groupArn("g"), target(port)), id: "10.0.0.1", port, protocol: "HTTP" as const },
        warmingSinceMs: seconds === undefined ? undefined : seconds * 1000,
      }));
      const warmAtMs = 100_000 + Math.max(-1e9, ...targets.map((each) => each.warmingSinceMs ?? -1e9));
      const route: GroupRoute = {
        ...{ arn: groupArn("g"), algorithm: "round_robin", failOpen: false, stickiness: undefined },
        ...{ mitigateAnomalies: false, slowStartMs: 100_000, warmAtMs, targets },
      };
      const got = new Map<number, number>();
      const count = 600;
      for (let turn = 0; turn < count; turn++) {
        const { port } = chooseTarget(route, { turn, nowMs, random: () => 0, outstanding: () => 0, weight: () => 1 })!;
        got.set(port, (got.get(port) ?? 0) + 1);
      }
      expect([...got.values()].reduce((sum, each) => sum + each, 0)).toBe(count);
      const shares = targets.map((each) => shareOf(each, route, nowMs));
      for (const share of shares) expect(share).toBeLessThanOrEqual(1);
      const total = shares.reduce((sum, each) => sum + each, 0);
      for (const [port, share] of shares.entries()) {
        const fair = total === 0 ? 1 / targets.length : share / total;
        expect(Math.abs((got.get(port) ?? 0) / count - fair)).toBeLessThan(0.02);
      }
    }),
    { seed: 65, numRuns: 100 },
  );
});
