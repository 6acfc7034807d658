import { expect, test } from "vitest";
import type { Tunnel } from "../proxy/tunnel.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { forwardTo, group, groupArn, stateOf, target } from "../testing/fixtures.ts";
import { record } from "../testing/record.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { groupHealth } from "./group-health.ts";
import type { GroupHealth } from "./health-metrics.ts";
import { activeWebSockets, type MetricName, namespace, ownNamespace } from "./metric-definitions.ts";
import { MetricHistory } from "./metric-history.ts";
import { Metrics } from "./metrics.ts";
import type { Statistic } from "./summary.ts";

const keep = closeAfterEach();
/** The middle of a second, when levels are sampled. */
const startMs = 1_800_000_000_500;
const LoadBalancer = "app/lb/1";
const TargetGroup = "targetgroup/g/3";
const AvailabilityZone = "us-east-1a";
const state = stateOf({ groups: [group("g", [target(1), target(2)])], defaultAction: forwardTo(["g", 1]) });
const counts = { healthy: 2, unhealthy: 1, anomalous: 0, mitigated: 0 };
const health: GroupHealth = {
  ...{ groupArn: groupArn("g"), loadBalancer: LoadBalancer, failOpen: false },
  zones: new Map([[AvailabilityZone, counts]]),
};

function newMetrics(groups: () => readonly GroupHealth[] = () => [health]) {
  const clock = new VirtualClock(startMs);
  const history = new MetricHistory(clock);
  const metrics = keep(new Metrics({ clock, history, groups }));
  metrics.follow(state);
  metrics.sample();
  const read = (
    name: string,
    dimensions: Record<string, string>,
    statistic: Statistic = "Sum",
    space: string = namespace,
  ) =>
    history
      .read({
        ...{ metric: { namespace: space, name, dimensions }, statistic, periodSeconds: 60 },
        ...{ fromMs: startMs, toMs: clock.nowMs() + 1 },
      })
      .map((each) => each.value);
  return { clock, history, metrics, read };
}

const newTunnel = (): Tunnel => ({ bytes: { fromClient: 0, fromTarget: 0 }, cut: () => {} });
const webSocket = () => record({ elbStatus: 101, targetStatus: 101, webSocket: true });

test("ALB-81: the Prometheus page carries CloudWatch's names and counts each request once", async () => {
  const { metrics } = newMetrics();
  metrics.clientConnection(LoadBalancer, "open");
  metrics.clientConnection(LoadBalancer, "open");
  metrics.clientConnection(LoadBalancer, "close");
  metrics.targetConnection(groupArn("g"), "open");
  metrics.routed(record());
  metrics.done(record(), undefined);
  const refused = { elbStatus: 502, targetStatus: undefined, respondedAtMs: undefined, connectFailed: true };
  metrics.done(record(refused), undefined);
  const { body, contentType } = await metrics.page();
  const both = `LoadBalancer="${LoadBalancer}",TargetGroup="${TargetGroup}"`;
  const lb = `LoadBalancer="${LoadBalancer}"`;
  for (const expected of [
    `ActiveConnectionCount{${lb}} 2`,
    `NewConnectionCount{${lb}} 3`,
    `RequestCount{${both}} 1`,
    `HTTPCode_Target_2XX_Count{${both}} 1`,
    `HTTPCode_ELB_5XX_Count{${lb}} 1`,
    `HTTPCode_ELB_502_Count{${lb}} 1`,
    `TargetConnectionErrorCount{${both}} 1`,
    `TargetResponseTime_count{${both}} 1`,
    `ProcessedBytes{${lb}} 1610`,
    `HealthyHostCount{${both}} 2`,
    `UnHealthyHostCount{${both}} 1`,
  ]) {
    expect(body.split("\n")).toContain(expected);
  }
  expect(contentType).toContain("text/plain");
});

test("ALB-81: bytes of an open WebSocket count while it lives, and once only", async () => {
  const { metrics, read } = newMetrics();
  const tunnel = newTunnel();
  metrics.tunnelOpened(tunnel, webSocket());
  Object.assign(tunnel.bytes, { fromClient: 100, fromTarget: 50 });
  expect((await metrics.page()).body).toContain(`ProcessedBytes{LoadBalancer="${LoadBalancer}"} 150`);
  Object.assign(tunnel.bytes, { fromTarget: 60 });
  metrics.done(webSocket(), tunnel);
  const { body } = await metrics.page();
  expect(body).toContain(`ProcessedBytes{LoadBalancer="${LoadBalancer}"} 160`);
  expect(body).not.toMatch(/HTTPCode_\w+_Count\{/);
  expect(read("ProcessedBytes", { LoadBalancer })).toEqual([160]);
});

test("ALB-83: a WebSocket's response time is told at its 101, once, and it has no code", () => {
  const { metrics, read } = newMetrics();
  const tunnel = newTunnel();
  metrics.tunnelOpened(tunnel, webSocket());
  expect(read("TargetResponseTime", { LoadBalancer }, "SampleCount")).toEqual([1]);
  metrics.done(webSocket(), tunnel);
  expect(read("TargetResponseTime", { LoadBalancer }, "SampleCount")).toEqual([1]);
  for (const digit of [2, 3, 4, 5]) expect(read(`HTTPCode_Target_${digit}XX_Count`, { LoadBalancer })).toEqual([]);
});

test("ALB-81: open WebSockets are told by load balancer, group and target, down to zero", () => {
  const { clock, metrics, read } = newMetrics();
  const open = (Target?: string) =>
    read(
      ...([
        activeWebSockets.name,
        { LoadBalancer, TargetGroup, ...(Target && { Target }) },
        "Sum",
        ownNamespace,
      ] as const),
    );
  const tunnels = [newTunnel(), newTunnel()];
  for (const each of tunnels) metrics.tunnelOpened(each, webSocket());
  clock.advance(1_000);
  expect([open(), open("10.0.1.192:8010")]).toEqual([[2], [2]]);
  clock.advance(59_000);
  for (const each of tunnels) metrics.done(webSocket(), each);
  clock.advance(1_000);
  expect(open()).toEqual([2, 0]);
});

test("ALB-83: requests, responses and times stand under all four of CloudWatch's sets of dimensions", () => {
  const { metrics, read } = newMetrics();
  for (const each of [record(), record({ targetStatus: 404, elbStatus: 404 })]) {
    metrics.routed(each);
    metrics.done(each, undefined);
  }
  const sets = [
    { LoadBalancer },
    { LoadBalancer, AvailabilityZone },
    { LoadBalancer, TargetGroup },
    { LoadBalancer, AvailabilityZone, TargetGroup },
  ];
  for (const set of sets) {
    expect(read("RequestCount", set)).toEqual([2]);
    expect(read("HTTPCode_Target_2XX_Count", set)).toEqual([1]);
    expect(read("HTTPCode_Target_4XX_Count", set)).toEqual([1]);
    expect(read("HTTPCode_Target_4XX_Count", set, "Average")).toEqual([1]);
    expect(read("TargetResponseTime", set, "Average")[0]).toBeCloseTo(0.003);
    expect(read("TargetResponseTime", set, "p99")[0]).toBeCloseTo(0.003);
  }
  expect(read("RequestCount", { TargetGroup })).toEqual([]);
  expect(read("RequestCountPerTarget", { TargetGroup })).toEqual([1]);
  expect(read("RequestCountPerTarget", { LoadBalancer, TargetGroup })).toEqual([1]);
  expect(read("HTTPCode_ELB_4XX_Count", { LoadBalancer })).toEqual([]);
});

test.each([
  [{ elbStatus: 460, targetStatus: undefined }, "HTTPCode_ELB_4XX_Count"],
  [{ elbStatus: 503, targetStatus: undefined }, "HTTPCode_ELB_503_Count"],
  [{ elbStatus: 504, targetStatus: undefined }, "HTTPCode_ELB_504_Count"],
  [{ elbStatus: 500, targetStatus: undefined }, "HTTPCode_ELB_500_Count"],
  [{ elbStatus: 301, targetStatus: undefined, action: "redirect", redirectUrl: "https://x/" }, "HTTP_Redirect_Count"],
  [
    { elbStatus: 301, targetStatus: undefined, action: "redirect", redirectUrl: "https://x/" },
    "HTTPCode_ELB_3XX_Count",
  ],
  [{ elbStatus: 507, targetStatus: undefined, action: "redirect" }, "HTTP_Redirect_Url_Limit_Exceeded_Count"],
  [{ elbStatus: 200, targetStatus: undefined, action: "fixed-response" }, "HTTP_Fixed_Response_Count"],
  [{ classification: "Ambiguous" }, "DesyncMitigationMode_NonCompliant_Request_Count"],
] as const)("ALB-83: an exchange with %j counts as %s", (more, name: MetricName) => {
  const { metrics, read } = newMetrics();
  metrics.done(record(more as object), undefined);
  expect(read(name, { LoadBalancer })).toEqual([1]);
  expect(read(name, { LoadBalancer, AvailabilityZone })).toEqual([1]);
});

test.each([
  [{ failOpen: true }, {}, "UnhealthyRoutingRequestCount", { LoadBalancer, TargetGroup }],
  [{ nonSticky: true }, {}, "NonStickyRequestCount", { LoadBalancer }],
  [{}, { peerAddress: "::1" }, "IPv6RequestCount", { LoadBalancer }],
] as const)("ALB-83: a routed request with %j %j counts as %s", (more, ofClient, name, dimensions) => {
  const { metrics, read } = newMetrics();
  const each = record(more);
  metrics.routed({ ...each, client: { ...each.client, ...ofClient } });
  expect(read(name, dimensions)).toEqual([1]);
});

test("ALB-83: header names that AWS calls invalid are counted as dropped or forwarded", () => {
  const { metrics, read } = newMetrics();
  const each = record();
  const { head } = each.exchange;
  const odd = { ...each, exchange: { ...each.exchange, head: { ...head, rawHeaders: ["user_id", "1"] } } };
  const { listener } = each.client;
  const dropping = { ...listener, loadBalancer: { ...listener.loadBalancer, dropInvalidHeaders: true } };
  metrics.routed(each);
  metrics.routed(odd);
  metrics.routed({ ...odd, client: { ...each.client, listener: dropping } });
  expect(read("ForwardedInvalidHeaderRequestCount", { LoadBalancer })).toEqual([1]);
  expect(read("DroppedInvalidHeaderRequestCount", { LoadBalancer })).toEqual([1]);
});

test("ALB-83: connections, refusals and failed handshakes are counted for their load balancer", () => {
  const { metrics, read } = newMetrics();
  metrics.rejected(LoadBalancer);
  metrics.handshakeFailed(LoadBalancer);
  metrics.targetHandshakeFailed(groupArn("g"));
  metrics.badRequest(LoadBalancer, 400);
  expect(read("RejectedConnectionCount", { LoadBalancer })).toEqual([1]);
  expect(read("ClientTLSNegotiationErrorCount", { LoadBalancer })).toEqual([1]);
  expect(read("TargetTLSNegotiationErrorCount", { LoadBalancer, TargetGroup })).toEqual([1]);
  expect(read("DesyncMitigationMode_NonCompliant_Request_Count", { LoadBalancer })).toEqual([1]);
  expect(read("HTTPCode_ELB_4XX_Count", { LoadBalancer })).toEqual([1]);
});

test("ALB-83: ActiveConnectionCount is sampled: its Sum is the level, as on AWS", () => {
  const { clock, metrics, read } = newMetrics();
  for (let i = 0; i < 3; i++) metrics.clientConnection(LoadBalancer, "open");
  metrics.targetConnection(groupArn("g"), "open");
  clock.advance(59_000);
  expect(read("ActiveConnectionCount", { LoadBalancer })).toEqual([4]);
  for (let i = 0; i < 3; i++) metrics.clientConnection(LoadBalancer, "close");
  clock.advance(1_000);
  expect(read("ActiveConnectionCount", { LoadBalancer })).toEqual([4, 1]);
});

test("ALB-83: host counts have Average, Minimum and Maximum, and stand under their zones as well", () => {
  let healthy = 2;
  const zones = () =>
    new Map([
      [AvailabilityZone, { ...counts, healthy }],
      ["us-east-1b", { ...counts, unhealthy: 0 }],
    ]);
  const { clock, read } = newMetrics(() => [{ ...health, zones: zones(), failOpen: true }]);
  clock.advance(10_000);
  healthy = 0;
  clock.advance(1_000);
  const whole = { LoadBalancer, TargetGroup };
  expect(read("HealthyHostCount", whole, "Maximum")).toEqual([4]);
  expect(read("HealthyHostCount", whole, "Minimum")).toEqual([2]);
  expect(read("HealthyHostCount", { ...whole, AvailabilityZone }, "Minimum")).toEqual([0]);
  expect(read("UnHealthyHostCount", { ...whole, AvailabilityZone: "us-east-1b" }, "Maximum")).toEqual([0]);
  expect(read("UnhealthyStateRouting", whole, "Maximum")).toEqual([2]);
  expect(read("HealthyStateDNS", { ...whole, AvailabilityZone }, "Minimum")).toEqual([0]);
});

test("ALB-83: ConsumedLCUs is the largest of AWS's four measures of the last minute", () => {
  const { clock, metrics, read } = newMetrics();
  // 3,000 new connections in a minute are 50 a second, two units; they stay, which is one unit.
  for (let i = 0; i < 3_000; i++) metrics.clientConnection(LoadBalancer, "open");
  clock.advance(60_000);
  clock.advance(60_000);
  metrics.done(record({ receivedBytes: 0, sentBytes: 50_000_000 }), undefined);
  clock.advance(60_000);
  expect(read("ConsumedLCUs", { LoadBalancer })).toEqual([2, 1, 3]);
});

test("ALB-83: RuleEvaluations counts the rules up to the one that matched, but never the default rule", () => {
  const { metrics, read } = newMetrics();
  const rules = [10, 20, 30, 0].map((priority) => ({ priority }));
  const each = record();
  const client = { ...each.client, listener: { ...each.client.listener, rules } } as never;
  for (const priority of [20, 0, undefined]) metrics.done({ ...each, client, priority }, undefined);
  expect(read("RuleEvaluations", { LoadBalancer })).toEqual([5]);
});

test("ALB-83: what is deleted is no longer on the Prometheus page, and its history stays", async () => {
  const { metrics, read } = newMetrics(() => []);
  metrics.routed(record());
  metrics.done(record(), undefined);
  expect((await metrics.page()).body).toMatch(/^TargetResponseTime_count\{.*TargetGroup="targetgroup\/g\/3"\} 1$/m);
  metrics.follow({ ...state, targetGroups: new Map(), loadBalancers: new Map(), listeners: new Map() });
  expect((await metrics.page()).body).not.toMatch(/^(RequestCount|TargetResponseTime_count)\{/m);
  expect(read("RequestCount", { LoadBalancer })).toEqual([1]);
});

test("ALB-83: only groups in use are counted, draining targets not", () => {
  const targets = [target(1), target(2), { ...target(3), availabilityZone: "us-east-1b" }, target(4, startMs)];
  const used = stateOf({ groups: [group("g", targets), group("idle", targets)], defaultAction: forwardTo(["g", 1]) });
  const status = (key: string) => (key.endsWith("|1") ? ("healthy" as const) : ("unhealthy" as const));
  const verdict = (_group: string, key: string) => ({ anomalous: key.endsWith("|2"), mitigated: false });
  expect(groupHealth(used, { status, verdict })).toEqual([
    {
      ...{ groupArn: groupArn("g"), loadBalancer: LoadBalancer, failOpen: false },
      zones: new Map([
        ["us-east-1a", { healthy: 1, unhealthy: 1, anomalous: 1, mitigated: 0 }],
        ["us-east-1b", { healthy: 0, unhealthy: 1, anomalous: 0, mitigated: 0 }],
      ]),
    },
  ]);
});
