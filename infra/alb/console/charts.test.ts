import { expect, test } from "vitest";
import { shortName } from "../model/arns.ts";
import type { State } from "../model/store.ts";
import { MetricHistory } from "../telemetry/metric-history.ts";
import { forwardTo, group, groupArn, lbArn, stateOf, target } from "../testing/fixtures.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { chartMetrics } from "./charts.ts";

const otherArn = lbArn.replace("app/lb/", "app/other/");

function setUp() {
  const clock = new VirtualClock();
  const history = new MetricHistory(clock);
  const one = stateOf({ groups: [group("g", [target(1)])], defaultAction: forwardTo(["g", 1]) });
  const state: State = {
    ...one,
    loadBalancers: new Map([...one.loadBalancers, [otherArn, { ...one.loadBalancers.get(lbArn)!, arn: otherArn }]]),
  };
  const series = (name: string, kind: "samples" | "level", dimensions: Record<string, string>, percentiles = false) =>
    history.series({ namespace: "AWS/ApplicationELB", name, dimensions }, { unit: "Count", kind, percentiles });
  const balancer = (arn: string) => ({ LoadBalancer: shortName(arn) });
  return { clock, history, state, series, balancer, second: Math.floor(clock.nowMs() / 1000) };
}

test("ALB-87: what is counted is nought in a second without an event, and load balancers add up", () => {
  const { clock, history, state, series, balancer, second } = setUp();
  series("RequestCount", "samples", balancer(lbArn)).add(2);
  series("RequestCount", "samples", balancer(otherArn)).add(5);
  history.flush();
  clock.advance(2_000);
  series("RequestCount", "samples", balancer(lbArn)).add(1);
  expect(chartMetrics(history, state, second, 3).RequestCount).toEqual([7, 0, 1]);
  // Reading must not change what is kept.
  expect(chartMetrics(history, state, second, 3).RequestCount).toEqual([7, 0, 1]);
});

test("ALB-87: percentiles are of all load balancers' values, and unknown in a second without any", () => {
  const { clock, history, state, series, balancer, second } = setUp();
  for (let each = 0; each < 98; each++) series("TargetResponseTime", "samples", balancer(lbArn), true).add(0.01);
  for (let each = 0; each < 2; each++) series("TargetResponseTime", "samples", balancer(otherArn), true).add(1);
  history.flush();
  clock.advance(1_000);
  const metrics = chartMetrics(history, state, second, 2);
  expect(metrics["TargetResponseTime.p50"]).toEqual([expect.closeTo(0.01, 3), null]);
  expect(metrics["TargetResponseTime.p99"]).toEqual([expect.closeTo(1, 1), null]);
});

test("ALB-87: hosts are those of groups that something forwards to", () => {
  const { history, state, series, balancer, second } = setUp();
  const dimensions = { ...balancer(lbArn), TargetGroup: shortName(groupArn("g")) };
  series("HealthyHostCount", "level", dimensions).add(3);
  expect(chartMetrics(history, state, second, 1).HealthyHostCount).toEqual([3]);
  expect(chartMetrics(history, state, second - 1, 1).HealthyHostCount).toEqual([null]);
});
