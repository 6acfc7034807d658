// The metrics of the load balancer: one table, from which the CloudWatch side and the Prometheus page both are made.

/** CloudWatch's own. */
export const namespace = "AWS/ApplicationELB";
/** Of metrics that CloudWatch does not have. */
export const ownNamespace = "Tidegate/LoadBalancer";

/**
 * Which sets of dimensions a metric is kept under. `LB` stands for LoadBalancer, `AZ` for AvailabilityZone, `TG` for
 * TargetGroup.
 */
export const scopes = {
  loadBalancerAlone: ["LB"],
  loadBalancer: ["LB", "LB+AZ"],
  group: ["LB", "LB+AZ", "LB+TG", "LB+AZ+TG"],
  hosts: ["LB+TG", "LB+AZ+TG"],
  perTarget: ["TG", "AZ+TG", "LB+TG", "LB+AZ+TG"],
} as const;

export interface MetricDefinition {
  readonly unit: "Count" | "Bytes" | "Seconds";
  readonly scope: keyof typeof scopes;
  /** As `SeriesOptions.kind`; a `gauge` is sampled every second and goes down as well. */
  readonly kind: "counter" | "gauge" | "level" | "distribution";
  readonly meaning: string;
}

const define = (
  kind: MetricDefinition["kind"],
  scope: MetricDefinition["scope"],
  meaning: string,
  unit: MetricDefinition["unit"] = "Count",
): MetricDefinition => ({ kind, scope, meaning, unit });

const ofElb = (codes: string) => define("counter", "loadBalancer", `Responses ${codes} of the load balancer`);
const ofTarget = (codes: string) => define("counter", "group", `Responses ${codes} of targets`);

export const metricDefinitions = {
  ActiveConnectionCount: define("level", "loadBalancer", "TCP connections that are open, to clients and to targets"),
  NewConnectionCount: define("counter", "loadBalancer", "TCP connections opened, by clients and to targets"),
  RejectedConnectionCount: define("counter", "loadBalancer", "Connections refused because there were too many"),
  ClientTLSNegotiationErrorCount: define("counter", "loadBalancer", "TLS handshakes of clients that failed"),
  TargetConnectionErrorCount: define("counter", "group", "Connections to targets that did not come about"),
  TargetTLSNegotiationErrorCount: define("counter", "group", "TLS handshakes with targets that failed"),
  ProcessedBytes: define("counter", "loadBalancer", "Bytes from and to clients, of open WebSockets too", "Bytes"),
  IPv6ProcessedBytes: define("counter", "loadBalancer", "ProcessedBytes of clients with IPv6", "Bytes"),
  RequestCount: define("counter", "group", "Requests for which a target was picked; a WebSocket is one"),
  IPv6RequestCount: define("counter", "group", "RequestCount of clients with IPv6"),
  RequestCountPerTarget: define("counter", "perTarget", "Requests divided by healthy targets"),
  NonStickyRequestCount: define("counter", "group", "Requests to sticky groups that got a new target"),
  UnhealthyRoutingRequestCount: define("counter", "hosts", "Requests routed although too few targets are healthy"),
  TargetResponseTime: define(
    ...([
      "distribution",
      "group",
      "Seconds until the target's response headers; of a WebSocket until its 101",
    ] as const),
    "Seconds",
  ),
  HTTPCode_Target_2XX_Count: ofTarget("2xx"),
  HTTPCode_Target_3XX_Count: ofTarget("3xx"),
  HTTPCode_Target_4XX_Count: ofTarget("4xx"),
  HTTPCode_Target_5XX_Count: ofTarget("5xx"),
  HTTPCode_ELB_3XX_Count: ofElb("3xx"),
  HTTPCode_ELB_4XX_Count: ofElb("4xx"),
  HTTPCode_ELB_5XX_Count: ofElb("5xx"),
  HTTPCode_ELB_500_Count: ofElb("500"),
  HTTPCode_ELB_502_Count: ofElb("502"),
  HTTPCode_ELB_503_Count: ofElb("503"),
  HTTPCode_ELB_504_Count: ofElb("504"),
  HTTP_Fixed_Response_Count: define("counter", "loadBalancer", "Fixed responses"),
  HTTP_Redirect_Count: define("counter", "loadBalancer", "Redirects"),
  HTTP_Redirect_Url_Limit_Exceeded_Count: define("counter", "loadBalancer", "Redirects whose Location was too long"),
  RuleEvaluations: define("counter", "loadBalancerAlone", "Rules looked at, but for the default rule"),
  DesyncMitigationMode_NonCompliant_Request_Count: define(
    ...(["counter", "loadBalancer", "Requests that do not comply with RFC 7230"] as const),
  ),
  DroppedInvalidHeaderRequestCount: define("counter", "loadBalancer", "Requests that lost headers with odd names"),
  ForwardedInvalidHeaderRequestCount: define("counter", "loadBalancer", "Requests forwarded with odd header names"),
  ConsumedLCUs: define("level", "loadBalancerAlone", "Capacity units of the last minute, by AWS's price list"),
  HealthyHostCount: define("gauge", "hosts", "Targets that pass their checks"),
  UnHealthyHostCount: define("gauge", "hosts", "Targets that fail their checks"),
  AnomalousHostCount: define("gauge", "hosts", "Targets that answer noticeably worse than the others"),
  MitigatedHostCount: define("gauge", "hosts", "Targets that get fewer requests for it"),
  HealthyStateRouting: define("gauge", "hosts", "Zones with enough healthy targets to be routed to those alone"),
  UnhealthyStateRouting: define("gauge", "hosts", "Zones that are routed to unhealthy targets as well"),
  HealthyStateDNS: define("gauge", "hosts", "Zones with enough healthy targets to stay in DNS"),
  UnhealthyStateDNS: define("gauge", "hosts", "Zones without"),
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricDefinitions;

export const metricNames = Object.keys(metricDefinitions) as readonly MetricName[];

/** Ours: by load balancer, by target group, and by target (`address:port`). */
export const activeWebSockets = {
  name: "ActiveWebSocketCount",
  meaning: "WebSockets that are open (not a CloudWatch metric)",
} as const;
