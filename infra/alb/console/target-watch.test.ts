import { expect, test } from "vitest";
import { draining, type HealthDescription } from "../health/description.ts";
import { limits } from "../limits.ts";
import { targetKey } from "../model/types.ts";
import { forwardTo, group, groupArn, stateOf, target } from "../testing/fixtures.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { TargetWatch } from "./target-watch.ts";

const keyOf = (port: number) => targetKey(groupArn("g"), target(port));

function setUp() {
  const clock = new VirtualClock();
  let healthy: HealthDescription = { State: "initial", Reason: "Elb.InitialHealthChecking" };
  const watch = new TargetWatch(clock, (_group, each) => (each.drainEndsAtMs === undefined ? healthy : draining));
  const follow = (...targets: Parameters<typeof group>[1]) =>
    watch.follow(stateOf({ groups: [group("g", targets)], defaultAction: forwardTo(["g", 1]) }));
  return {
    ...{ clock, watch, follow },
    becomes: (description: HealthDescription) => {
      healthy = description;
    },
  };
}

test("ALB-88: the time in a state counts from its change, whatever else changes", () => {
  const { clock, watch, follow, becomes } = setUp();
  const startMs = clock.nowMs();
  follow(target(1));
  clock.advance(3_000);
  becomes({ State: "healthy" });
  follow(target(1));
  clock.advance(60_000);
  follow(target(1), target(2));
  expect(watch.sinceMs(keyOf(1))).toBe(startMs + 3_000);
  expect(watch.sinceMs(keyOf(2))).toBe(startMs + 63_000);
});

test("ALB-88: a life is told from registration to the end, newest first", () => {
  const { clock, watch, follow, becomes } = setUp();
  follow(target(1));
  becomes({ State: "healthy" });
  follow(target(1));
  follow(target(1, clock.nowMs() + 5_000));
  clock.advance(5_000);
  follow();
  expect(watch.events.map(({ from, to }) => [from, to])).toEqual([
    ["draining", undefined],
    ["healthy", "draining"],
    ["initial", "healthy"],
    [undefined, "initial"],
  ]);
  expect(watch.events[1]).toMatchObject({ group: "g", target: "10.0.0.1:1", reason: draining.Reason });
  expect(new Set(watch.events.map(({ number }) => number)).size).toBe(4);
});

test("ALB-88: only the latest changes are remembered", () => {
  const { watch, follow } = setUp();
  follow(...Array.from({ length: limits.maxConsoleEvents + 10 }, (_, index) => target(index + 1)));
  expect(watch.events).toHaveLength(limits.maxConsoleEvents);
  expect(watch.events[0]?.target).toBe(`10.0.0.1:${limits.maxConsoleEvents + 10}`);
});
