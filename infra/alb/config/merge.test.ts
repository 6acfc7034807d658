import { expect, test } from "vitest";
import type { State } from "../model/store.ts";
import type { Target } from "../model/types.ts";
import { forwardTo, group, groupArn, lbArn, stateOf, target } from "../testing/fixtures.ts";
import { mergeDeclared, stillDraining } from "./merge.ts";

const nowMs = 1_000_000;
const delay = { "deregistration_delay.timeout_seconds": "60" };

/** A state with group `g` of these targets. */
const withTargets = (...targets: Target[]): State =>
  stateOf({ groups: [group("g", targets, delay)], defaultAction: forwardTo(["g", 1]) });
const managed = new Set([groupArn("g")]);
const targetsOf = (state: State) => state.targetGroups.get(groupArn("g"))?.targets;

test("ALB-112: a target that the file no longer names drains by the delay of its group, the others stay as they are", () => {
  const stays = { ...target(1), availabilityZone: "us-east-1a" };
  const running = withTargets(stays, target(2));
  const merged = mergeDeclared(running, { state: withTargets(target(1), target(3)), managedGroupArns: managed }, nowMs);
  expect(targetsOf(merged)).toEqual([stays, target(3), { ...target(2), drainEndsAtMs: nowMs + 60_000 }]);
});

test("ALB-112: one that drains already keeps its deadline", () => {
  const running = withTargets(target(1), target(2, nowMs + 5));
  const merged = mergeDeclared(running, { state: withTargets(target(1)), managedGroupArns: managed }, nowMs);
  expect(targetsOf(merged)).toEqual([target(1), target(2, nowMs + 5)]);
});

test("ALB-112: a group that the file no longer names stays for as long as targets of it drain", () => {
  const running = withTargets(target(1));
  const none = stateOf({
    groups: [],
    defaultAction: { Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } },
  });
  const merged = mergeDeclared(running, { state: none, managedGroupArns: new Set() }, nowMs);
  expect(targetsOf(merged)).toEqual([target(1, nowMs + 60_000)]);
  expect(mergeDeclared(withTargets(), { state: none, managedGroupArns: new Set() }, nowMs).targetGroups.size).toBe(0);
});

test("ALB-114: a group without Targets in the file keeps those that the API has registered", () => {
  const running = withTargets(target(1), target(2, nowMs + 5));
  const merged = mergeDeclared(running, { state: withTargets(), managedGroupArns: new Set() }, nowMs);
  expect(targetsOf(merged)).toEqual([target(1), target(2, nowMs + 5)]);
});

test("a load balancer keeps the time at which it was made", () => {
  const running = withTargets();
  const declared = withTargets();
  const later = new Map([...declared.loadBalancers].map(([arn, each]) => [arn, { ...each, createdAtMs: nowMs }]));
  const merged = mergeDeclared(
    running,
    { state: { ...declared, loadBalancers: later }, managedGroupArns: managed },
    nowMs,
  );
  expect(merged.loadBalancers.get(lbArn)?.createdAtMs).toBe(running.loadBalancers.get(lbArn)?.createdAtMs);
});

test("ALB-112: targets that are named again while they drain are found", () => {
  const running = withTargets(target(1, nowMs + 5), target(2, nowMs + 5));
  const declared = { state: withTargets(target(1)), managedGroupArns: managed };
  expect(stillDraining(running, declared)).toEqual([{ groupArn: groupArn("g"), target: target(1, nowMs + 5) }]);
  expect(stillDraining(running, { ...declared, managedGroupArns: new Set() })).toEqual([]);
});
