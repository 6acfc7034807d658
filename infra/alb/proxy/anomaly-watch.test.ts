import { expect, test } from "vitest";
import { targetKey } from "../model/types.ts";
import { buildTable, type ForwardRoute } from "../routing/table.ts";
import { forwardTo, group, groupArn, stateOf, target } from "../testing/fixtures.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { AnomalyWatch } from "./anomaly-watch.ts";

const mitigating = {
  "load_balancing.algorithm.type": "weighted_random",
  "load_balancing.algorithm.anomaly_mitigation": "on",
};
const arn = groupArn("g");
const keyOf = (port: number) => targetKey(arn, target(port));

function setUp(attributes: Record<string, string> = mitigating, ports = [1, 2, 3]) {
  const clock = new VirtualClock();
  const watch = new AnomalyWatch(clock);
  const route = (now: readonly number[]) => {
    const targets = now.map((port) => target(port));
    const state = stateOf({ groups: [group("g", targets, attributes)], defaultAction: forwardTo(["g", 1]) });
    const { action } = buildTable(state, () => "healthy").listeners.get(80)!.rules[0]!;
    return (action as ForwardRoute).groups[0]!.group;
  };
  watch.follow([route(ports)]);
  const traffic = (failing: number | undefined) => {
    for (const port of ports) for (let i = 0; i < 20; i++) watch.count(arn, keyOf(port), port === failing);
  };
  return { clock, watch, route, traffic };
}

test("ALB-67: verdict and weight change every five seconds, not with each request", () => {
  const { clock, watch, traffic } = setUp();
  traffic(3);
  clock.advance(4_999);
  expect(watch.verdict(arn, keyOf(3))).toEqual({ anomalous: false, mitigated: false });
  clock.advance(1);
  expect(watch.verdict(arn, keyOf(3))).toEqual({ anomalous: true, mitigated: true });
  expect(watch.weight(arn, keyOf(3))).toBe(0.5);
  expect(watch.weight(arn, keyOf(1))).toBe(1);
  traffic(3);
  clock.advance(5_000);
  expect(watch.weight(arn, keyOf(3))).toBe(0.25);
});

test.each([
  ["round_robin", "off"],
  ["weighted_random", "off"],
])("ALB-67: detection runs with %s as well, but mitigation %s spares nobody", (algorithm, mitigation) => {
  const { clock, watch, traffic } = setUp({
    "load_balancing.algorithm.type": algorithm,
    "load_balancing.algorithm.anomaly_mitigation": mitigation,
  });
  traffic(3);
  clock.advance(5_000);
  expect(watch.verdict(arn, keyOf(3))).toEqual({ anomalous: true, mitigated: false });
  expect(watch.weight(arn, keyOf(3))).toBe(1);
});

test("ALB-67: after a long silence, and after the target has left, everything is as new", () => {
  const { clock, watch, traffic, route } = setUp();
  traffic(3);
  clock.advance(5_000);
  watch.follow([route([1, 2])]);
  clock.advance(5_000);
  watch.follow([route([1, 2, 3])]);
  expect(watch.verdict(arn, keyOf(3))).toEqual({ anomalous: false, mitigated: false });
  traffic(1);
  clock.advance(5_000);
  expect(watch.weight(arn, keyOf(1))).toBe(0.5);
  clock.advance(86_400_000);
  expect(watch.verdict(arn, keyOf(1))).toEqual({ anomalous: false, mitigated: false });
});

test("a group that is gone is forgotten, and one that was never there costs nothing", () => {
  const { clock, watch, traffic, route } = setUp();
  traffic(3);
  clock.advance(5_000);
  watch.follow([]);
  expect(watch.verdict(arn, keyOf(3))).toEqual({ anomalous: false, mitigated: false });
  watch.count(arn, keyOf(3), true);
  watch.follow([route([1, 2, 3])]);
  expect(watch.weight(arn, keyOf(3))).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});
