import { expect, test } from "vitest";
import type { State } from "../model/store.ts";
import type { Target } from "../model/types.ts";
import { forwardTo, group, groupArn, stateOf, target } from "../testing/fixtures.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { HealthMonitor } from "./monitor.ts";
import { Propagation } from "./propagation.ts";

function setUp(lagSeconds: readonly [number, number], random = () => 0) {
  const clock = new VirtualClock();
  let changes = 0;
  const propagation = new Propagation({ clock, random, lagSeconds, onChange: () => changes++ });
  return {
    ...{ clock, propagation },
    changes: () => changes,
    known: (...targets: Target[]) => propagation.known(stateWith(...targets)).targetGroups.get(groupArn("g"))?.targets,
  };
}
const stateWith = (...targets: Target[]): State =>
  stateOf({ groups: [group("g", targets)], defaultAction: forwardTo(["g", 1]) });

test("ALB-68: without a lag the state is what it is", () => {
  const { propagation, clock } = setUp([0, 0]);
  const state = stateWith(target(1));
  expect(propagation.known(state)).toBe(state);
  expect(clock.pendingTimers).toBe(0);
});

test("ALB-68: a registered target is known after the lag, a deregistered one gets requests until then", () => {
  const { clock, known, changes } = setUp([2, 2]);
  expect(known(target(1))).toEqual([]);
  clock.advance(1_999);
  expect(known(target(1))).toEqual([]);
  clock.advance(1);
  expect(changes()).toBe(1);
  expect(known(target(1))).toEqual([target(1)]);
  const leaving = target(1, 5_000);
  expect(known(leaving)).toEqual([target(1)]);
  clock.advance(2_000);
  expect(changes()).toBe(2);
  expect(known(leaving)).toEqual([leaving]);
});

test("ALB-68: the lag is drawn between its bounds for each target", () => {
  const draws = [0.5, 1];
  const { clock, known } = setUp([2, 4], () => draws.shift() ?? 0);
  known(target(1), target(2));
  clock.advance(3_000);
  expect(known(target(1), target(2))).toEqual([target(1)]);
  clock.advance(1_000);
  expect(known(target(1), target(2))).toEqual([target(1), target(2)]);
});

test("ALB-68: a target that is deregistered before it was known never gets a request", () => {
  const { clock, known, changes } = setUp([2, 2]);
  known(target(1));
  clock.advance(1_000);
  expect(known(target(1, 9_000))).toEqual([]);
  clock.advance(60_000);
  expect(known(target(1, 9_000))).toEqual([]);
  expect(changes()).toBe(0);
});

test("ALB-68: a registration that is over is forgotten, and the next one waits again", () => {
  const { clock, known } = setUp([2, 2]);
  known(target(1));
  clock.advance(2_000);
  known(target(1, 5_000));
  known();
  expect(clock.pendingTimers).toBe(0);
  expect(known(target(1))).toEqual([]);
});

test("ALB-68: until it is known a target is initial, with its registration in progress", async () => {
  const { clock, propagation } = setUp([2, 2]);
  const monitor = new HealthMonitor({
    clock,
    probe: async () => ({ kind: "failed", reset: false }),
    onChange: () => {},
  });
  const state = stateWith(target(1));
  monitor.follow(propagation.known(state));
  const described = () => monitor.describe(state.targetGroups.get(groupArn("g"))!, target(1));
  expect(described()).toEqual({
    ...{ State: "initial", Reason: "Elb.RegistrationInProgress" },
    Description: "Target registration is in progress",
  });
  clock.advance(2_000);
  monitor.follow(propagation.known(state));
  expect(described()).toMatchObject({ State: "initial", Reason: "Elb.InitialHealthChecking" });
  monitor.close();
});

test("nothing is left to do after close", () => {
  const { clock, known, propagation } = setUp([2, 2]);
  known(target(1), target(2));
  propagation.close();
  expect(clock.pendingTimers).toBe(0);
});
