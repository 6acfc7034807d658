// The small pure parts: what to scale, when to replace, what follows what, which key press is a new one.
import { expect, test } from "vitest";
import { countFailure, replacementDelayMs, replacementPolicy } from "./replacement.ts";
import { isBalanced, planScale } from "./scale-plan.ts";
import { pressCounter } from "./signals.ts";
import { statusAsJson, statusAsText } from "./status-text.ts";
import { formatTable } from "./table.ts";
import type { TaskView } from "./task-entry.ts";
import { advanceTask, type TaskStatus } from "./task-life.ts";
import { allowedOrigins, targetGroupAttributes, topology } from "./topology.ts";

const task = (id: string, status: TaskStatus, version = "v1", generation = 1): TaskView => ({
  ...{ id, status, version, generation },
  ...{ pid: 1, address: null, startedAt: null, stoppedReason: null, targetGroupArn: "arn:tg", environment: {} },
});

test("scaling out starts servers of the newest generation", () => {
  const tasks = [task("s1", "RUNNING"), task("s4", "RUNNING", "v2", 2), task("s2", "DEACTIVATING", "v3", 3)];
  const likeNewest = { version: "v2", generation: 2, targetGroupArn: "arn:tg", environment: {} };
  expect(planScale(tasks, 4, new Map())).toEqual({ start: [likeNewest, likeNewest], stop: [] });
});

test("scaling in takes out those with the fewest players, then rooms, then the youngest; who leaves already does not count", () => {
  const tasks = ["s1", "s2", "s3", "s4", "s5"].map((id) => task(id, "RUNNING"));
  const loads = new Map([
    ["s1", { players: 3, rooms: 1 }],
    ["s2", { players: 9, rooms: 1 }],
    ["s3", { players: 3, rooms: 0 }],
    ["s4", { players: 3, rooms: 1 }],
  ]);
  expect(planScale([...tasks, task("s6", "STOPPING")], 1, loads)).toEqual({
    start: [],
    stop: ["s3", "s4", "s1", "s2"],
  });
});

test("a server that is still starting goes before all others, and one of an old generation before one of a new", () => {
  const tasks = [task("s1", "RUNNING"), task("s2", "RUNNING", "v2", 2), task("s3", "ACTIVATING", "v2", 2)];
  const loads = new Map([
    ["s1", { players: 20, rooms: 1 }],
    ["s2", { players: 0, rooms: 0 }],
  ]);
  expect(planScale(tasks, 1, loads).stop).toEqual(["s3", "s1"]);
});

test("with nothing running, the version of the topology is started", () => {
  expect(planScale([task("s1", "STOPPED", "v9", 9)], 1, new Map()).start).toEqual([{ version: "v1", generation: 1 }]);
});

test("players are spread when no server has more than a fifth above the mean, or two more than it", () => {
  expect(isBalanced([24, 16, 20])).toBe(true);
  expect(isBalanced([25, 15, 20])).toBe(false);
  expect(isBalanced([3, 0, 0])).toBe(true);
  expect(isBalanced([4, 0, 0])).toBe(false);
  expect(isBalanced([0, 0])).toBe(true);
  expect(isBalanced([])).toBe(true);
});

test("replacements come at 1, 2, 4 ... 30 s, and after eight deaths in a row not at all", () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => replacementDelayMs(failures, replacementPolicy));
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, undefined]);
  expect(countFailure(5, 59_999, replacementPolicy)).toBe(6);
  expect(countFailure(5, 60_000, replacementPolicy)).toBe(1);
});

test("a task cannot come back to life", () => {
  expect(advanceTask("RUNNING", "DEACTIVATING")).toBe("DEACTIVATING");
  expect(() => advanceTask("STOPPED", "RUNNING")).toThrow("a task cannot go from STOPPED to RUNNING");
  expect(() => advanceTask("DEACTIVATING", "RUNNING")).toThrow();
});

test("one key press that comes by several ways counts once, and a later one is the second", () => {
  let nowMs = 0;
  const count = pressCounter(() => nowMs);
  expect([count(), count()]).toEqual([1, 0]);
  nowMs = 499;
  expect(count()).toBe(0);
  nowMs = 1_200;
  expect(count()).toBe(2);
});

test("a table is as wide as its widest cells", () => {
  const rows = [
    ["s1", "healthy"],
    ["s10", "draining"],
  ];
  expect(formatTable(["id", "target"], rows)).toBe("id   target\ns1   healthy\ns10  draining");
});

test("browsers may come from every name of the HTTPS listener, and the port of HTTPS is not written", () => {
  expect(allowedOrigins(8443)).toEqual(["https://localhost:8443", "https://127.0.0.1:8443", "https://[::1]:8443"]);
  expect(allowedOrigins(443)).toContain("https://localhost");
});

test("delays fit into each other: a check is over before the next, and AWS's limits hold for AWS's delays", () => {
  const { local, aws } = topology.delays;
  expect(aws.healthCheckTimeoutSeconds).toBeLessThan(aws.healthCheckIntervalSeconds);
  expect(aws.healthCheckIntervalSeconds).toBeGreaterThanOrEqual(5);
  expect(aws.stopTimeoutSeconds).toBeLessThanOrEqual(120);
  expect(local.healthCheckTimeoutSeconds).toBeLessThanOrEqual(local.healthCheckIntervalSeconds);
  expect(targetGroupAttributes(local)).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "15" });
});

test("servers write the metrics that alarms and dashboards look at", () => {
  const { namespace, dimensions, ...metrics } = topology.serverMetrics;
  // The other end is server/emf.test.ts.
  expect({ namespace, dimensions }).toEqual({ namespace: "Tidegate", dimensions: { Service: "tidegate" } });
  expect(Object.values(metrics).map(({ name, unit }) => [name, unit])).toEqual([
    ["PlayersPerServer", "Count"],
    ["RoomsPerServer", "Count"],
    ["TickGapMaxMs", "Milliseconds"],
    ["RefusedConnections", "Count"],
    ["LostConnections", "Count"],
  ]);
});

test("servers write the metric by which they are scaled, once in each of its periods", () => {
  expect(topology.autoscaling.metric).toEqual({
    namespace: "Tidegate",
    name: "PlayersPerServer",
    dimensions: { Service: "tidegate" },
  });
  for (const where of ["local", "aws"] as const) {
    const policy = topology.autoscaling[where];
    expect(topology.delays[where].metricsPeriodSeconds).toBe(policy.periodSeconds);
    expect(policy.periodSeconds % 60 === 0 || [1, 5, 10, 20, 30].includes(policy.periodSeconds)).toBe(true);
    expect(policy.scaleInPeriods).toBeGreaterThan(policy.scaleOutPeriods);
    expect(policy.minServers).toBeLessThanOrEqual(policy.maxServers);
    expect(policy.maxServers).toBeLessThanOrEqual(topology.service.servers.max);
  }
});

test("the status is a table for people and one line for programs", () => {
  const stack = {
    alb: {
      pid: 9,
      https: "https://localhost:1",
      http: "http://localhost:2",
      control: "http://127.0.0.1:3",
      ca: "/ca.pem",
    },
    redis: { pid: null, url: "redis://h:1" },
    targetGroupArn: "arn:tg",
    listenerArn: "arn:l",
    servers: [],
  };
  const of = (id: string) => ({ id, version: "v1", generation: 1, pid: 10, host: "127.0.0.1", port: 11 });
  const rooms = [
    { code: "ABCD", players: 3 },
    { code: "EFGH", players: 2 },
  ];
  const servers = [
    {
      ...of("s1"),
      ...{ task: "DEACTIVATING", target: "draining", reason: "Target.DeregistrationInProgress" },
      status: { state: "draining", players: 4, rooms, departure: { phase: "players", leftMs: 7_400 } },
    },
    {
      ...of("s2"),
      ...{ task: "RUNNING", target: "healthy", reason: null },
      status: { state: "ready", players: 0, rooms: [], departure: { phase: "serving" } },
    },
    { ...of("s3"), ...{ task: "RUNNING", target: "unhealthy", reason: "Target.Timeout" }, status: null },
  ];
  const { https, http, control } = stack.alb;
  const where = { https, http, control, targetGroupArn: "arn:tg", listenerArn: "arn:l" };
  const rows = [
    "server  version  gen  task          target                      state                   players  rooms  in them  address",
    "s1      v1       1    DEACTIVATING  draining                    draining: players, 7 s  4        2      5        127.0.0.1:11",
    "s2      v1       1    RUNNING       healthy                     ready                   0        0      0        127.0.0.1:11",
    "s3      v1       1    RUNNING       unhealthy (Target.Timeout)  -                       -        -      -        127.0.0.1:11",
    "",
    "load balancer  https://localhost:1, ELBv2 API http://127.0.0.1:3",
    "",
  ];
  expect(statusAsText(where, servers).split("\n")).toEqual(rows);
  const ofProcesses = statusAsText(where, servers, stack).split("\n");
  expect(ofProcesses.slice(0, 2)).toEqual([`${rows[0]}       pid`, `${rows[1]}  10`]);
  expect(ofProcesses.slice(5)).toEqual([
    "load balancer  https://localhost:1  (pid 9), ELBv2 API http://127.0.0.1:3",
    "Redis          not ours",
    "",
  ]);
  const json = statusAsJson(where, servers, stack);
  expect(json.endsWith("}\n")).toBe(true);
  expect(JSON.parse(json)).toEqual({ ...stack, servers });
  const { targetGroupArn, listenerArn } = where;
  expect(JSON.parse(statusAsJson(where, servers))).toEqual({
    alb: { https, http, control },
    targetGroupArn,
    listenerArn,
    servers,
  });
});
