import { expect, test } from "vitest";
import { type TargetKey, targetKey } from "../model/types.ts";
import { forwardTo, group, groupArn, pathRule, stateOf, target } from "../testing/fixtures.ts";
import { chooseTarget } from "./choose-target.ts";
import { decide } from "./decide.ts";
import type { RequestFacts } from "./facts.ts";
import { redirectLocation } from "./redirect.ts";
import { buildTable, type GroupRoute } from "./table.ts";
import type { ObservedStatus } from "./usable-targets.ts";

const facts: RequestFacts = { method: "GET", host: "h", path: "/a/b", query: "", rawHeaders: [], sourceIp: "10.0.0.9" };
const allHealthy = () => "healthy" as const;
const healthOf = (by: Record<number, ObservedStatus>) => (key: TargetKey) => by[Number(key.split("|")[2])];
const listenerOf = (...args: Parameters<typeof buildTable>) => buildTable(...args).listeners.get(80)!;
const ports = (route: GroupRoute | undefined) => route?.targets.map((each) => each.port);

test("ALB-40: the matching rule with the lowest priority number decides, else the default rule", () => {
  const listener = listenerOf(
    stateOf({
      groups: [group("one", [target(1)]), group("two", [target(2)]), group("rest", [target(3)])],
      defaultAction: forwardTo(["rest", 1]),
      rules: [pathRule(20, "/a/*", forwardTo(["two", 1])), pathRule(10, "/a/b*", forwardTo(["one", 1]))],
    }),
    allHealthy,
  );
  const decisionFor = (path: string) => decide(listener, { ...facts, path }, () => 0);
  expect(decisionFor("/a/b")).toMatchObject({ priority: 10, group: { arn: groupArn("one") } });
  expect(decisionFor("/a/c")).toMatchObject({ priority: 20, group: { arn: groupArn("two") } });
  expect(decisionFor("/z")).toMatchObject({ priority: 0, group: { arn: groupArn("rest") } });
});

test("ALB-43: weights share out the requests, and an empty group does not fall back on another", () => {
  const listener = listenerOf(
    stateOf({
      groups: [group("blue", [target(1)]), group("green", [])],
      defaultAction: forwardTo(["blue", 3], ["green", 1]),
    }),
    allHealthy,
  );
  const chosen = (random: number) => {
    const decision = decide(listener, facts, () => random);
    return decision.kind === "forward" ? decision.group : undefined;
  };
  expect([0, 0.5, 0.749].map((random) => chosen(random)?.arn)).toEqual(Array(3).fill(groupArn("blue")));
  expect(chosen(0.75)).toMatchObject({ arn: groupArn("green"), targets: [] });
});

test("ALB-43: when all weights are zero there is no group to forward to", () => {
  const groups = [group("blue", [target(1)]), group("green", [target(2)])];
  for (const action of [forwardTo(["blue", 0]), forwardTo(["blue", 0], ["green", 0])]) {
    const listener = listenerOf(stateOf({ groups, defaultAction: action }), allHealthy);
    expect(decide(listener, facts, () => 0.5)).toMatchObject({ kind: "forward", group: undefined });
  }
});

const groupWith = (health: Record<number, ObservedStatus>, attributes = {}, drainingPort?: number) => {
  const targets = [1, 2, 3, 4].map((port) => target(port, port === drainingPort ? 99 : undefined));
  const state = stateOf({ groups: [group("g", targets, attributes)], defaultAction: forwardTo(["g", 1]) });
  const { action } = listenerOf(state, healthOf(health)).rules[0]!;
  return action.kind === "forward" ? action.groups[0]?.group : undefined;
};

test("ALB-52: only healthy targets get requests; a target that was never checked gets none", () => {
  const route = groupWith({ 1: "healthy", 2: "unhealthy", 3: "initial" });
  expect(ports(route)).toEqual([1]);
  expect(route?.failOpen).toBe(false);
  expect(ports(groupWith({ 1: "initial", 2: "initial" }))).toEqual([]);
});

test("ALB-52: by switch a group in which nothing has been checked yet gets requests", () => {
  const routed = (healths: ObservedStatus[]) => {
    const state = stateOf({
      groups: [
        group(
          "g",
          healths.map((_, i) => target(i)),
        ),
      ],
      defaultAction: forwardTo(["g", 1]),
    });
    const health = (key: TargetKey) => healths[Number(key.split("|")[2])];
    const { action } = buildTable(state, health, { warmths: new Map(), routeToInitial: true }).listeners.get(80)!
      .rules[0]!;
    return ports(action.kind === "forward" ? action.groups[0]?.group : undefined);
  };
  expect(routed(["initial", "initial"])).toEqual([0, 1]);
  expect(routed(["initial", "healthy"])).toEqual([1]);
  expect(routed(["initial", "unhealthy"])).toEqual([1]);
});

test("ALB-53: when every checked target is unhealthy all of them get requests", () => {
  const route = groupWith({ 1: "unhealthy", 2: "unhealthy", 3: "initial" });
  expect(ports(route)).toEqual([1, 2]);
  expect(route?.failOpen).toBe(true);
});

test("ALB-53: the group says how few healthy targets are too few", () => {
  const key = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";
  const health = { 1: "healthy", 2: "unhealthy", 3: "unhealthy" } as const;
  expect(ports(groupWith(health, { [`${key}.count`]: "2" }))).toEqual([1, 2, 3]);
  expect(ports(groupWith(health, { [`${key}.count`]: "off", [`${key}.percentage`]: "50" }))).toEqual([1, 2, 3]);
  const nobody = { 1: "unhealthy", 2: "unhealthy" } as const;
  expect(ports(groupWith(nobody, { [`${key}.count`]: "off" }))).toEqual([]);
});

test("ALB-58: a draining target gets no new request, not even by fail-open", () => {
  expect(ports(groupWith({ 1: "healthy", 2: "healthy" }, {}, 1))).toEqual([2]);
  expect(ports(groupWith({ 1: "unhealthy", 2: "unhealthy" }, {}, 1))).toEqual([2]);
});

const routeOf = (algorithm: string) =>
  groupWith({ 1: "healthy", 2: "healthy", 3: "healthy" }, { "load_balancing.algorithm.type": algorithm })!;
const idle = { outstanding: () => 0, random: () => 0, nowMs: 0, weight: () => 1 };

test("ALB-50: round robin takes the targets in turn", () => {
  const route = routeOf("round_robin");
  const chosen = [0, 1, 2, 3].map((turn) => chooseTarget(route, { ...idle, turn })?.port);
  expect(chosen).toEqual([1, 2, 3, 1]);
});

test("ALB-51: least outstanding requests takes the least busy target, and equals in turn", () => {
  const route = routeOf("least_outstanding_requests");
  const busy = new Map([[targetKey(groupArn("g"), target(1)), 5]]);
  const outstanding = (key: TargetKey) => busy.get(key) ?? 1;
  expect(chooseTarget(route, { ...idle, turn: 0, outstanding })?.port).toBe(2);
  expect(chooseTarget(route, { ...idle, turn: 2, outstanding })?.port).toBe(3);
  expect([0, 1, 2].map((turn) => chooseTarget(route, { ...idle, turn })?.port)).toEqual([1, 2, 3]);
});

test("ALB-50: weighted random chooses by chance", () => {
  const route = routeOf("weighted_random");
  expect([0, 0.34, 0.99].map((n) => chooseTarget(route, { ...idle, turn: 0, random: () => n })?.port)).toEqual([
    1, 2, 3,
  ]);
});

test("ALB-44: a redirect fills AWS's placeholders, with the port always named", () => {
  const config = {
    ...{ Protocol: "HTTPS", Port: "8443", Host: "#{host}", Path: "/#{path}", Query: "#{query}" },
    StatusCode: "HTTP_301" as const,
  };
  const request = { protocol: "HTTP" as const, host: "example.com", port: 80, path: "/a/b", query: "x=1" };
  expect(redirectLocation(config, request)).toBe("https://example.com:8443/a/b?x=1");
  expect(redirectLocation({ ...config, Path: "/v2/#{path}", Query: "" }, request)).toBe(
    "https://example.com:8443/v2/a/b",
  );
  expect(redirectLocation({ ...config, Protocol: "#{protocol}", Port: "#{port}" }, { ...request, query: "" })).toBe(
    "http://example.com:80/a/b",
  );
});
