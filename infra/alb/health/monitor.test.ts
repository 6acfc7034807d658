import { expect, test } from "vitest";
import { targetKey } from "../model/types.ts";
import { forwardTo, group, groupArn, stateOf, target } from "../testing/fixtures.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { HealthMonitor } from "./monitor.ts";
import type { CheckResult } from "./target-life.ts";

function setUp() {
  const clock = new VirtualClock();
  const checks: number[] = [];
  let changes = 0;
  let next: CheckResult = { kind: "pass", code: 200 };
  const monitor = new HealthMonitor({
    clock,
    probe: async (_address, port) => {
      checks.push(port);
      return next;
    },
    onChange: () => changes++,
  });
  return {
    ...{ clock, monitor, checks },
    answer: (result: CheckResult) => {
      next = result;
    },
    get changes() {
      return changes;
    },
    /** Lets the promises of checks settle. */
    pass: async (ms: number) => {
      clock.advance(ms);
      await new Promise(setImmediate);
    },
  };
}

test("a fault in what follows from a check is told, and the checks go on", async () => {
  const clock = new VirtualClock();
  const faults: string[] = [];
  let checks = 0;
  const monitor = new HealthMonitor({
    clock,
    probe: async () => {
      checks++;
      return { kind: "pass", code: 200 };
    },
    onChange: () => {
      throw new Error("no table");
    },
    onFault: ({ message }) => faults.push(message),
  });
  monitor.follow(stateOf({ groups: [group("g", [target(1)])], defaultAction: forwardTo(["g", 1]) }));
  clock.advance(0);
  await new Promise(setImmediate);
  clock.advance(30_000);
  await new Promise(setImmediate);
  expect(faults).toEqual(["no table"]);
  expect(checks).toBe(2);
  expect(monitor.status(targetKey(groupArn("g"), target(1)))).toBe("healthy");
  monitor.close();
});

const stateWith = (...targets: Parameters<typeof group>[1]) =>
  stateOf({ groups: [group("g", targets)], defaultAction: forwardTo(["g", 1]) });
const keyOf = (port: number) => targetKey(groupArn("g"), target(port));

test("ALB-54: a target is checked when it comes and then at each interval", async () => {
  const { monitor, checks, pass } = setUp();
  monitor.follow(stateWith(target(1)));
  expect(monitor.status(keyOf(1))).toBe("initial");
  await pass(0);
  expect(checks).toEqual([1]);
  expect(monitor.status(keyOf(1))).toBe("healthy");
  await pass(29_999);
  expect(checks).toEqual([1]);
  await pass(1);
  expect(checks).toEqual([1, 1]);
});

test("a change of status is told once, not at every check", async () => {
  const test = setUp();
  test.monitor.follow(stateWith(target(1)));
  await test.pass(0);
  await test.pass(30_000);
  expect(test.changes).toBe(1);
  test.answer({ kind: "timeout" });
  await test.pass(30_000);
  expect(test.changes).toBe(1);
  await test.pass(30_000);
  expect(test.changes).toBe(2);
  expect(test.monitor.status(keyOf(1))).toBe("unhealthy");
});

test("ALB-57: a group that nothing forwards to is not checked and its targets are unused", async () => {
  const { monitor, checks, pass } = setUp();
  const idle = group("idle", [target(7)]);
  monitor.follow(stateOf({ groups: [group("g", []), idle], defaultAction: forwardTo(["g", 1]) }));
  await pass(60_000);
  expect(checks).toEqual([]);
  expect(monitor.describe(idle, target(7))).toMatchObject({ State: "unused", Reason: "Target.NotInUse" });
});

test("ALB-58: a draining target is checked no more and is described as draining", async () => {
  const { monitor, checks, pass, clock } = setUp();
  monitor.follow(stateWith(target(1)));
  await pass(0);
  const leaving = target(1, clock.nowMs() + 1000);
  monitor.follow(stateWith(leaving));
  await pass(60_000);
  expect(checks).toEqual([1]);
  expect(monitor.status(keyOf(1))).toBeUndefined();
  expect(monitor.describe(group("g", [leaving]), leaving)).toMatchObject({
    State: "draining",
    Reason: "Target.DeregistrationInProgress",
  });
});

test("nothing is left to do after close", () => {
  const { monitor, clock } = setUp();
  monitor.follow(stateWith(target(1), target(2)));
  monitor.close();
  expect(clock.pendingTimers).toBe(0);
});
