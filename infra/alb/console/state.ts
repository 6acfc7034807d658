// What the console page is told once a second: one JSON document, of one shape for the load balancer and for the page.

/** Goes up with every change of the shape: a page that was loaded before asks to be loaded again. */
export const stateVersion = 1;

export interface ConsoleState {
  readonly version: number;
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly loadBalancers: readonly LoadBalancerView[];
  readonly targetGroups: readonly TargetGroupView[];
  readonly connections: ConnectionsView;
  /** Newest first. */
  readonly events: readonly TargetEvent[];
  readonly charts: ChartsView;
}

export interface LoadBalancerView {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: string;
  /** `key = value` of attributes that are not AWS's default, here and below. */
  readonly settings: readonly string[];
  /** By port. */
  readonly listeners: readonly ListenerView[];
}

export interface ListenerView {
  readonly arn: string;
  readonly port: number;
  readonly protocol: string;
  /** HTTPS only. */
  readonly sslPolicy?: string;
  /** Short names, the default one first. */
  readonly certificates: readonly string[];
  readonly settings: readonly string[];
  readonly connections: number;
  /** In the order in which they are tried, the default rule last. */
  readonly rules: readonly RuleView[];
}

export interface RuleView {
  readonly arn: string;
  readonly priority: string;
  /** In words; all of them must hold. */
  readonly conditions: readonly string[];
  /** In words; changes to the request come first. */
  readonly actions: readonly string[];
}

export type TargetState = "initial" | "healthy" | "unhealthy" | "unused" | "draining";

export interface TargetGroupView {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly algorithm: string;
  /** In words. */
  readonly healthCheck: string;
  readonly settings: readonly string[];
  /** Names of load balancers that forward to it. */
  readonly usedBy: readonly string[];
  /** No target is good enough, so all that are checked serve. */
  readonly failOpen: boolean;
  readonly targets: readonly TargetView[];
}

export interface TargetView {
  /** Names it in all parts of the document. */
  readonly key: string;
  /** `10.0.0.1:3000`. */
  readonly name: string;
  readonly zone: string;
  readonly state: TargetState;
  readonly reason?: string;
  readonly description?: string;
  readonly sinceMs: number;
  /** Requests and WebSockets under way. */
  readonly outstanding: number;
  readonly webSockets: number;
  /** Draining only. */
  readonly drain?: { readonly startedAtMs: number; readonly endsAtMs: number };
}

export type ConnectionKind = "http" | "h2" | "ws";

export interface ConnectionsView {
  readonly total: number;
  readonly byKind: Readonly<Record<ConnectionKind, number>>;
  /** The newest ones, newest first; how many at most is a limit. */
  readonly newest: readonly ConnectionView[];
}

export interface ConnectionView {
  /** Unique among those that are open. */
  readonly id: string;
  readonly kind: ConnectionKind;
  readonly client: string;
  readonly listener: string;
  /** `127.0.0.1:3000` of its latest request. */
  readonly target?: string;
  readonly acceptedAtMs: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export interface TargetEvent {
  /** Goes up by one with each. */
  readonly number: number;
  readonly atMs: number;
  readonly group: string;
  readonly target: string;
  /** Undefined when it has just been registered. */
  readonly from?: TargetState;
  /** Undefined when it is gone. */
  readonly to?: TargetState;
  readonly reason?: string;
}

/** One value for each second; null where there is none. */
export type Values = readonly (number | null)[];

export interface ChartsView {
  /** The second of the first value, since the epoch; the others follow without a gap. */
  readonly firstSecond: number;
  /** How many seconds are in every list of values. */
  readonly seconds: number;
  readonly metrics: Readonly<Record<MetricKey, Values>>;
  /** Open WebSockets of each target that has or had some. */
  readonly webSockets: readonly TargetSeries[];
}

export interface TargetSeries {
  /** As `TargetView.key`. */
  readonly key: string;
  readonly group: string;
  readonly target: string;
  readonly values: Values;
}

/** CloudWatch's metrics that the page draws. */
export const metricKeys = [
  "RequestCount",
  "TargetResponseTime.p50",
  "TargetResponseTime.p99",
  "ActiveConnectionCount",
  "NewConnectionCount",
  "HealthyHostCount",
  "UnHealthyHostCount",
  "HTTPCode_ELB_4XX_Count",
  "HTTPCode_ELB_5XX_Count",
  "HTTPCode_Target_4XX_Count",
  "HTTPCode_Target_5XX_Count",
  "ProcessedBytes",
] as const;
export type MetricKey = (typeof metricKeys)[number];
