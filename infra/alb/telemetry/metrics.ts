// What happens in the data plane becomes metrics: events are counted as they come, levels are sampled once a second.

import type { Clock, Timer } from "../clock.ts";
import { shortName } from "../model/arns.ts";
import type { State } from "../model/store.ts";
import { withPort } from "../proxy/client-connection.ts";
import type { ExchangeRecord } from "../proxy/record.ts";
import type { Tunnel } from "../proxy/tunnel.ts";
import { Balancers, noWork } from "./balancers.ts";
import { type GroupHealth, HealthMetrics, healthyHosts } from "./health-metrics.ts";
import { consumedLcus } from "./lcu.ts";
import type { Meter } from "./meter.ts";
import type { MetricName } from "./metric-definitions.ts";
import type { MetricHistory } from "./metric-history.ts";
import { Prometheus } from "./prometheus.ts";
import { TunnelWatch } from "./tunnel-watch.ts";

export interface MetricsDependencies {
  readonly clock: Clock;
  readonly history: MetricHistory;
  /** Asked once a second. */
  readonly groups: () => readonly GroupHealth[];
}

const sampleMs = 1_000;
const validHeaderName = /^[-A-Za-z0-9]+$/;

/** To the middle of the next second: a timer that is a little late then still files under its own second, none is left out. */
function untilSample(nowMs: number): number {
  const delayMs = sampleMs - ((nowMs + sampleMs / 2) % sampleMs);
  // It came a little early.
  return delayMs < sampleMs / 4 ? delayMs + sampleMs : delayMs;
}

/** Metrics by class of status, `HTTPCode_…_4XX_Count` under 4. */
const ownClasses = new Map<number, MetricName>([
  [3, "HTTPCode_ELB_3XX_Count"],
  [4, "HTTPCode_ELB_4XX_Count"],
  [5, "HTTPCode_ELB_5XX_Count"],
]);
const ownCodes = new Map<number, MetricName>([
  [500, "HTTPCode_ELB_500_Count"],
  [502, "HTTPCode_ELB_502_Count"],
  [503, "HTTPCode_ELB_503_Count"],
  [504, "HTTPCode_ELB_504_Count"],
]);
const targetClasses = new Map<number, MetricName>([
  [2, "HTTPCode_Target_2XX_Count"],
  [3, "HTTPCode_Target_3XX_Count"],
  [4, "HTTPCode_Target_4XX_Count"],
  [5, "HTTPCode_Target_5XX_Count"],
]);

export class Metrics {
  readonly #deps: MetricsDependencies;
  readonly #prometheus = new Prometheus();
  readonly #balancers: Balancers;
  readonly #health: HealthMetrics;
  readonly #tunnels: TunnelWatch;
  /** Open connections to targets, by group. */
  readonly #targetConnections = new Map<string, number>();
  #healthyHosts: ReadonlyMap<string, number> = new Map();
  #minute: number;
  #timer: Timer;

  constructor(deps: MetricsDependencies) {
    const meterDeps = { history: deps.history, onObserved: this.#prometheus.observe.bind(this.#prometheus) };
    this.#deps = deps;
    this.#balancers = new Balancers({
      ...meterDeps,
      onForgotten: (subject) => this.#prometheus.forget(subject),
    });
    this.#health = new HealthMetrics(meterDeps);
    this.#tunnels = new TunnelWatch(deps.history);
    this.#minute = minuteOf(deps.clock.nowMs());
    this.#timer = deps.clock.after(untilSample(deps.clock.nowMs()), () => this.#tick());
  }

  close(): void {
    this.#timer.cancel();
  }

  follow(state: State): void {
    this.#balancers.follow(state);
  }

  /** The Prometheus page. */
  async page(): Promise<{ readonly contentType: string; readonly body: string }> {
    this.sample();
    const meters = [...this.#balancers.all()].flatMap(({ meter, groups }) => [meter, ...groups.values()]);
    const body = await this.#prometheus.text(
      ...([[...meters, ...this.#health.meters()], this.#tunnels.open(), this.#deps.history.refused] as const),
    );
    return { contentType: this.#prometheus.contentType, body };
  }

  clientConnection(loadBalancer: string, event: "open" | "close"): void {
    const balancer = this.#balancers.of(loadBalancer);
    balancer.clients += event === "open" ? 1 : -1;
    if (event === "close") return;
    balancer.work.newConnections++;
    balancer.meter.add("NewConnectionCount");
  }

  targetConnection(groupArn: string, event: "open" | "close"): void {
    const open = this.#targetConnections.get(groupArn) ?? 0;
    this.#targetConnections.set(groupArn, open + (event === "open" ? 1 : -1));
    if (event === "open") this.#balancers.ownerOf(groupArn)?.meter.add("NewConnectionCount");
  }

  rejected(loadBalancer: string): void {
    this.#balancers.of(loadBalancer).meter.add("RejectedConnectionCount");
  }

  handshakeFailed(loadBalancer: string): void {
    this.#balancers.of(loadBalancer).meter.add("ClientTLSNegotiationErrorCount");
  }

  targetHandshakeFailed(groupArn: string): void {
    const balancer = this.#balancers.ownerOf(groupArn);
    if (balancer) this.#balancers.groupMeter(balancer, groupArn).add("TargetTLSNegotiationErrorCount");
  }

  /** A request was refused before it became an exchange. */
  badRequest(loadBalancer: string, status: number): void {
    const { meter } = this.#balancers.of(loadBalancer);
    addOwnCode(meter, status);
    if (status === 400) meter.add("DesyncMitigationMode_NonCompliant_Request_Count");
  }

  /** A target was picked. */
  routed(record: ExchangeRecord): void {
    const { client, exchange, groupArn = "" } = record;
    const balancer = this.#balancers.of(client.listener.loadBalancer.name);
    const meter = this.#balancers.groupMeter(balancer, groupArn);
    meter.add("RequestCount");
    meter.add("RequestCountPerTarget", 1 / Math.max(1, this.#healthyHosts.get(groupArn) ?? 1));
    if (client.peerAddress.includes(":")) meter.add("IPv6RequestCount");
    if (record.failOpen) meter.add("UnhealthyRoutingRequestCount");
    if (record.nonSticky) meter.add("NonStickyRequestCount");
    const { rawHeaders } = exchange.head;
    if (rawHeaders.every((each, i) => i % 2 === 1 || validHeaderName.test(each))) return;
    const dropped = client.listener.loadBalancer.dropInvalidHeaders;
    balancer.meter.add(dropped ? "DroppedInvalidHeaderRequestCount" : "ForwardedInvalidHeaderRequestCount");
  }

  tunnelOpened(tunnel: Tunnel, record: ExchangeRecord): void {
    const { target, groupArn, client } = record;
    if (!target || !groupArn) return;
    const loadBalancer = client.listener.loadBalancer.name;
    const place = { loadBalancer, targetGroup: shortName(groupArn), target: withPort(target.id, target.port) };
    this.#tunnels.opened(tunnel, place, (bytes) => this.#processed(record, bytes));
    // Its request is answered now; it may live for hours.
    this.#answered(record);
  }

  /** An exchange is over. */
  done(record: ExchangeRecord, tunnel: Tunnel | undefined): void {
    if (tunnel) {
      this.#tunnels.closed(tunnel);
      return;
    }
    this.#answered(record);
    this.#processed(record, record.receivedBytes + record.sentBytes);
    const { meter } = this.#balancers.of(record.client.listener.loadBalancer.name);
    if (record.action === "fixed-response") meter.add("HTTP_Fixed_Response_Count");
    if (record.redirectUrl) meter.add("HTTP_Redirect_Count");
    else if (record.action === "redirect" && record.elbStatus === 507) {
      meter.add("HTTP_Redirect_Url_Limit_Exceeded_Count");
    }
    const ownAnswer = record.elbStatus !== record.targetStatus && record.action !== "fixed-response";
    if (ownAnswer) addOwnCode(meter, record.elbStatus);
  }

  /** Samples the levels and files everything under the present second. */
  sample(): void {
    const groups = this.#deps.groups();
    this.#healthyHosts = new Map(groups.map((each) => [each.groupArn, healthyHosts(each)]));
    this.#health.sample(groups);
    this.#tunnels.sample();
    const open = new Map([...this.#balancers.all()].map((each) => [each, each.clients]));
    for (const [groupArn, connections] of this.#targetConnections) {
      const owner = this.#balancers.ownerOf(groupArn);
      if (owner) open.set(owner, (open.get(owner) ?? 0) + connections);
      if (connections === 0) this.#targetConnections.delete(groupArn);
    }
    for (const [{ meter }, connections] of open) meter.sample("ActiveConnectionCount", connections);
    this.#deps.history.flush();
  }

  #tick(): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#timer = this.#deps.clock.after(untilSample(nowMs), () => this.#tick());
    const minute = minuteOf(nowMs);
    if (minute !== this.#minute) {
      this.#minute = minute;
      for (const balancer of this.#balancers.all()) {
        balancer.meter.add("ConsumedLCUs", consumedLcus({ ...balancer.work, activeConnections: balancer.clients }));
        balancer.work = noWork();
      }
    }
    this.sample();
  }

  /** Of a WebSocket at its 101, of other requests at their end. */
  #answered(record: ExchangeRecord): void {
    const { dispatchedAtMs, respondedAtMs, targetStatus = 0 } = record;
    const balancer = this.#balancers.of(record.client.listener.loadBalancer.name);
    const meter = this.#balancers.groupMeter(balancer, record.groupArn);
    const evaluated = rulesEvaluated(record);
    balancer.work.requests++;
    balancer.work.ruleEvaluations += evaluated;
    if (evaluated > 0) balancer.meter.add("RuleEvaluations", evaluated);
    if (record.classification) balancer.meter.add("DesyncMitigationMode_NonCompliant_Request_Count");
    if (record.connectFailed) meter.add("TargetConnectionErrorCount");
    if (respondedAtMs !== undefined && dispatchedAtMs !== undefined) {
      meter.add("TargetResponseTime", Math.max(0, respondedAtMs - dispatchedAtMs) / 1000);
    }
    const ofTarget = targetClasses.get(Math.floor(targetStatus / 100));
    if (ofTarget) meter.add(ofTarget);
  }

  #processed({ client }: ExchangeRecord, bytes: number): void {
    const { meter, work } = this.#balancers.of(client.listener.loadBalancer.name);
    work.bytes += bytes;
    meter.add("ProcessedBytes", bytes);
    if (client.peerAddress.includes(":")) meter.add("IPv6ProcessedBytes", bytes);
  }
}

const minuteOf = (ms: number) => Math.floor(ms / 60_000);

function addOwnCode(meter: Meter, status: number): void {
  const ofClass = ownClasses.get(Math.floor(status / 100));
  const ofCode = ownCodes.get(status);
  if (ofClass) meter.add(ofClass);
  if (ofCode) meter.add(ofCode);
}

/** Rules up to the one that matched; the default rule, which comes last, does not count. */
function rulesEvaluated({ priority, client }: ExchangeRecord): number {
  if (priority === undefined) return 0;
  const { rules } = client.listener;
  if (priority === 0) return rules.length - 1;
  return rules.findIndex((each) => each.priority === priority) + 1;
}
