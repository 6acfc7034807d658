import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { MetricHistory } from "../telemetry/metric-history.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { socketSeries } from "./socket-series.ts";

function setUp() {
  const clock = new VirtualClock();
  const history = new MetricHistory(clock);
  const sample = (port: number, open: number, more: Record<string, string> = { Target: `10.0.0.1:${port}` }) => {
    const dimensions = { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/g/3", ...more };
    const metric = { namespace: "Tidegate/LoadBalancer", name: "ActiveWebSocketCount", dimensions };
    history.series(metric, { unit: "Count", kind: "level" }).add(open);
    history.flush();
  };
  return { clock, history, sample, second: Math.floor(clock.nowMs() / 1000) };
}

test("ALB-88: WebSockets of a target are known second by second, also when a sample is late and when it is gone", () => {
  const { clock, history, sample, second } = setUp();
  sample(1, 2);
  clock.advance(2_000);
  sample(1, 3);
  clock.advance(1_000);
  sample(1, 0);
  const one = { key: "targetgroup/g/3 10.0.0.1:1", group: "g", target: "10.0.0.1:1" };
  expect(socketSeries(history, second - 1, 6)).toEqual([{ ...one, values: [0, 2, 2, 3, 0, 0] }]);
  expect(socketSeries(history, second + 1, 1)).toEqual([{ ...one, values: [2] }]);
  expect(socketSeries(history, second + 3, 9)).toEqual([]);
});

test("sums over a whole group are no target", () => {
  const { history, sample, second } = setUp();
  sample(1, 2, {});
  expect(socketSeries(history, second, 1)).toEqual([]);
});

test("ALB-88: of many targets those are drawn that hold most", () => {
  const { history, sample, second } = setUp();
  for (let port = 1; port <= limits.maxConsoleSeries + 5; port++) sample(port, port);
  const ports = socketSeries(history, second, 1).map(({ target }) => Number(target.split(":")[1]));
  expect(ports).toHaveLength(limits.maxConsoleSeries);
  expect(Math.min(...ports)).toBe(6);
});
