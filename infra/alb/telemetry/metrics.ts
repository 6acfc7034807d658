// CloudWatch's metrics of an Application Load Balancer, by their own names, as Prometheus counters and gauges.

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { shortName } from "../model/arns.ts";
import type { ExchangeRecord } from "../proxy/record.ts";
import type { Tunnel } from "../proxy/tunnel.ts";

export interface HostCounts {
  readonly groupArn: string;
  readonly healthy: number;
  readonly unhealthy: number;
}

const byLoadBalancer = ["LoadBalancer"] as const;
const byGroup = ["LoadBalancer", "TargetGroup"] as const;

/** `hosts` is asked whenever metrics are read. */
export function createMetrics(hosts: () => readonly HostCounts[]) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers });

  const active = new Gauge({
    ...{ name: "ActiveConnectionCount", registers },
    help: "TCP connections that are open, to clients and to targets",
  });
  const opened = counter("NewConnectionCount", "TCP connections opened, by clients and to targets", []);
  const rejected = counter("RejectedConnectionCount", "Connections refused because there were too many", []);
  const handshakes = counter("ClientTLSNegotiationErrorCount", "TLS handshakes of clients that failed", []);
  const requests = counter("RequestCount", "Requests for which a target was picked; a WebSocket is one", byGroup);
  const failOpen = counter("UnhealthyRoutingRequestCount", "Requests routed although all targets fail", byGroup);
  const bytes = counter("ProcessedBytes", "Bytes from and to clients", byLoadBalancer);
  const connectErrors = counter(
    "TargetConnectionErrorCount",
    "Connections to targets that did not come about",
    byGroup,
  );
  const fixed = counter("HTTP_Fixed_Response_Count", "Fixed responses", byLoadBalancer);
  const redirects = counter("HTTP_Redirect_Count", "Redirects", byLoadBalancer);
  const openTunnels = new Gauge({
    ...{ name: "ActiveWebSocketCount", labelNames: byGroup, registers },
    help: "WebSockets that are open (not a CloudWatch metric)",
  });
  const responseTime = new Histogram({
    ...{ name: "TargetResponseTime", labelNames: byGroup, registers },
    help: "Seconds until the target's response headers; of a WebSocket until its 101",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
  });
  const perClass = (side: string, labels: readonly string[], classes: readonly number[]) =>
    new Map(
      classes.map((each) => [
        each,
        counter(`HTTPCode_${side}_${each}XX_Count`, `Responses ${each}xx of the ${side}`, labels),
      ]),
    );
  const targetCodes = perClass("Target", byGroup, [2, 3, 4, 5]);
  const elbCodes = perClass("ELB", byLoadBalancer, [3, 4, 5]);
  const elbCode = new Map(
    [500, 502, 503, 504].map((each) => [
      each,
      counter(`HTTPCode_ELB_${each}_Count`, `Responses ${each} of the load balancer`, byLoadBalancer),
    ]),
  );
  for (const [name, pick] of [
    ["HealthyHostCount", (each: HostCounts) => each.healthy],
    ["UnHealthyHostCount", (each: HostCounts) => each.unhealthy],
  ] as const) {
    new Gauge({
      ...{ name, help: `Targets by health: ${name}`, labelNames: ["TargetGroup"], registers },
      collect() {
        this.reset();
        for (const each of hosts()) this.set({ TargetGroup: shortName(each.groupArn) }, pick(each));
      },
    });
  }
  /** What open tunnels have carried so far, already counted. */
  const tunnels = new Map<Tunnel, { readonly loadBalancer: string; counted: number }>();
  const countTunnel = (tunnel: Tunnel) => {
    const known = tunnels.get(tunnel);
    if (!known) return;
    const total = tunnel.bytes.fromClient + tunnel.bytes.fromTarget;
    bytes.inc({ LoadBalancer: known.loadBalancer }, total - known.counted);
    known.counted = total;
  };
  const labelsOf = (record: ExchangeRecord) => ({
    LoadBalancer: record.client.listener.loadBalancer.name,
    TargetGroup: record.groupArn ? shortName(record.groupArn) : "-",
  });

  return {
    contentType: registry.contentType,
    /** The Prometheus page. */
    async text(): Promise<string> {
      for (const tunnel of tunnels.keys()) countTunnel(tunnel);
      return registry.metrics();
    },
    connection(event: "open" | "close"): void {
      if (event === "close") active.dec();
      else {
        active.inc();
        opened.inc();
      }
    },
    rejected: () => rejected.inc(),
    handshakeFailed: () => handshakes.inc(),
    routed(record: ExchangeRecord): void {
      requests.inc(labelsOf(record));
      if (record.failOpen) failOpen.inc(labelsOf(record));
    },
    tunnelOpened(tunnel: Tunnel, record: ExchangeRecord): void {
      const { LoadBalancer: loadBalancer } = labelsOf(record);
      tunnels.set(tunnel, { loadBalancer, counted: 0 });
      openTunnels.inc(labelsOf(record));
    },
    badRequest(loadBalancer: string): void {
      elbCodes.get(4)?.inc({ LoadBalancer: loadBalancer });
    },
    done(record: ExchangeRecord, tunnel: Tunnel | undefined): void {
      const labels = labelsOf(record);
      const { LoadBalancer } = labels;
      if (tunnel) {
        countTunnel(tunnel);
        tunnels.delete(tunnel);
        openTunnels.dec(labels);
      } else bytes.inc({ LoadBalancer }, record.receivedBytes + record.sentBytes);
      if (record.action === "fixed-response") fixed.inc({ LoadBalancer });
      if (record.redirectUrl) redirects.inc({ LoadBalancer });
      if (record.connectFailed) connectErrors.inc(labels);
      if (record.respondedAtMs !== undefined && record.dispatchedAtMs !== undefined) {
        responseTime.observe(labels, Math.max(0, record.respondedAtMs - record.dispatchedAtMs) / 1000);
      }
      if (record.targetStatus !== undefined) targetCodes.get(Math.floor(record.targetStatus / 100))?.inc(labels);
      const ownAnswer = record.elbStatus !== record.targetStatus && record.action !== "fixed-response";
      if (!ownAnswer) return;
      elbCodes.get(Math.floor(record.elbStatus / 100))?.inc({ LoadBalancer });
      elbCode.get(record.elbStatus)?.inc({ LoadBalancer });
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
