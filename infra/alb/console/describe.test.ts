import { expect, test } from "vitest";
import { draining } from "../health/description.ts";
import type { TargetKey } from "../model/types.ts";
import { forwardTo, group, pathRule, stateOf, target } from "../testing/fixtures.ts";
import { describeLoadBalancers, describeTargetGroups, type Observed } from "./describe.ts";

const observed: Observed = {
  status: () => "healthy",
  describe: (_group, each) => (each.drainEndsAtMs === undefined ? { State: "healthy" } : draining),
  sinceMs: () => 1_000,
  outstanding: () => 4,
  webSockets: () => 3,
};

test("ALB-87: rules stand in the order in which they are tried, the default rule last", () => {
  const state = stateOf({
    groups: [group("g", [])],
    defaultAction: forwardTo(["g", 1]),
    rules: [pathRule(20, "/b", forwardTo(["g", 1])), pathRule(3, "/a", forwardTo(["g", 1]))],
    listener: { protocol: "HTTPS", certificateArns: ["arn:aws:acm:x:y:certificate/localhost"], sslPolicy: "P" },
  });
  const [loadBalancer] = describeLoadBalancers(state, new Map([[80, 12]]));
  const [listener] = loadBalancer!.listeners;
  expect(listener).toMatchObject({ port: 80, protocol: "HTTPS", certificates: ["localhost"], sslPolicy: "P" });
  expect(listener?.connections).toBe(12);
  expect(listener?.rules.map(({ priority, conditions, actions }) => [priority, conditions, actions])).toEqual([
    ["3", ["path is /a"], ["forward to g"]],
    ["20", ["path is /b"], ["forward to g"]],
    ["default", [], ["forward to g"]],
  ]);
});

test("ALB-87: a target is told with state, reason, time in it, work and the rest of its delay", () => {
  const state = stateOf({
    groups: [group("g", [target(1), target(2, 9_000)]), group("idle", [])],
    defaultAction: forwardTo(["g", 1]),
  });
  const [used, idle] = describeTargetGroups(state, observed);
  expect(used).toMatchObject({ name: "g", usedBy: ["lb"], failOpen: false, algorithm: "round robin" });
  expect(idle?.usedBy).toEqual([]);
  expect(used?.targets[0]).toEqual({
    ...{ key: "targetgroup/g/3 10.0.0.1:1", name: "10.0.0.1:1", zone: "us-east-1a" },
    ...{ state: "healthy", sinceMs: 1_000, outstanding: 4, webSockets: 3 },
  });
  expect(used?.targets[1]).toMatchObject({
    ...{ state: "draining", reason: draining.Reason, description: draining.Description },
    drain: { startedAtMs: 1_000, endsAtMs: 9_000 },
  });
});

test("ALB-87: a group that fails open says so", () => {
  const state = stateOf({ groups: [group("g", [target(1)])], defaultAction: forwardTo(["g", 1]) });
  const failing = { ...observed, status: (_key: TargetKey) => "unhealthy" as const };
  expect(describeTargetGroups(state, failing)[0]?.failOpen).toBe(true);
});
