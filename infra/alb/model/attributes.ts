// Attribute keys of each kind of resource: AWS's defaults in AWS's order, and what a value may be.
// A value that AWS knows but this load balancer cannot carry out is refused, never stored without effect.

import { type ElbError, invalid, invalidConfiguration } from "./errors.ts";
import type { Attributes } from "./types.ts";

interface Attribute {
  readonly initial: string;
  /** Undefined when the value is good, else why it is refused. */
  readonly check: (value: string, key: string) => ElbError | undefined;
}

export type AttributeTable = Readonly<Record<string, Attribute>>;

const choice = (initial: string, ...others: string[]): Attribute => ({
  initial,
  check: (value, key) =>
    value === initial || others.includes(value)
      ? undefined
      : invalid(`'${key}' value '${value}' must be one of '[${[initial, ...others].join(", ")}]'`),
});
const flag = (initial: boolean) => choice(String(initial), String(!initial));
const seconds = (initial: number, from: number, to: number): Attribute => ({
  initial: String(initial),
  check: (value, key) =>
    /^\d{1,7}$/.test(value) && Number(value) >= from && Number(value) <= to
      ? undefined
      : invalid(`'${key}' value '${value}' must be between '${from}-${to}' inclusive`),
});
const zeroOr = (attribute: Attribute): Attribute => ({
  ...attribute,
  check: (value, key) => {
    const refusal = value === "0" ? undefined : attribute.check(value, key);
    return refusal && invalid(refusal.message.replace("between", "0 or between"));
  },
});
/** AWS knows more values; here only the default has an effect. Hence its code for what a load balancer of another type can do. */
const only = (initial: string): Attribute => ({
  initial,
  check: (value, key) =>
    value === initial
      ? undefined
      : invalidConfiguration(`'${key}' value '${value}' is not supported by this load balancer`),
});
const countOrOff = (initial: string, to: number): Attribute => ({
  initial,
  check: (value, key) =>
    value === "off" || (/^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= to)
      ? undefined
      : invalid(`'${key}' value '${value}' must be 'off' or between '1-${to}' inclusive`),
});
const cookieName: Attribute = {
  initial: "",
  check(value, key) {
    const reserved = ["AWSALBAPP", "AWSALBTG", "AWSALB"].find((each) => value.toUpperCase().startsWith(each));
    if (reserved) return invalid(`'${key}' value '${value}' must not start with the reserved prefix '${reserved}'`);
    return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{0,256}$/.test(value)
      ? undefined
      : invalid(`'${key}' value '${value}' must be the name of a cookie, of at most 256 characters`);
  },
};
const headerValue: Attribute = {
  initial: "",
  check: (value, key) =>
    /^[\x20-\x7e]*$/.test(value) ? undefined : invalid(`'${key}' value must be visible ASCII characters`),
};

export const loadBalancerAttributes: AttributeTable = {
  "access_logs.s3.enabled": only("false"),
  "access_logs.s3.bucket": only(""),
  "access_logs.s3.prefix": only(""),
  "health_check_logs.s3.enabled": only("false"),
  "health_check_logs.s3.bucket": only(""),
  "health_check_logs.s3.prefix": only(""),
  "idle_timeout.timeout_seconds": seconds(60, 1, 4000),
  "deletion_protection.enabled": flag(false),
  "routing.http2.enabled": flag(true),
  "routing.http.drop_invalid_header_fields.enabled": flag(false),
  "routing.http.xff_client_port.enabled": flag(false),
  "routing.http.preserve_host_header.enabled": flag(false),
  "routing.http.xff_header_processing.mode": choice("append", "preserve", "remove"),
  "load_balancing.cross_zone.enabled": only("true"),
  "routing.http.desync_mitigation_mode": choice("defensive", "monitor", "strictest"),
  "client_keep_alive.seconds": seconds(3600, 60, 604_800),
  "waf.fail_open.enabled": only("false"),
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": flag(false),
  "zonal_shift.config.enabled": only("false"),
  "connection_logs.s3.enabled": only("false"),
  "connection_logs.s3.bucket": only(""),
  "connection_logs.s3.prefix": only(""),
};

export const targetGroupAttributes: AttributeTable = {
  "stickiness.enabled": flag(false),
  "stickiness.type": choice("lb_cookie", "app_cookie"),
  "stickiness.lb_cookie.duration_seconds": seconds(86_400, 1, 604_800),
  "stickiness.app_cookie.cookie_name": cookieName,
  "stickiness.app_cookie.duration_seconds": seconds(86_400, 1, 604_800),
  "deregistration_delay.timeout_seconds": seconds(300, 0, 3600),
  "slow_start.duration_seconds": zeroOr(seconds(0, 30, 900)),
  "load_balancing.algorithm.type": choice("round_robin", "least_outstanding_requests", "weighted_random"),
  "load_balancing.algorithm.anomaly_mitigation": choice("off", "on"),
  "load_balancing.cross_zone.enabled": choice("use_load_balancer_configuration", "true"),
  "target_group_health.dns_failover.minimum_healthy_targets.count": only("1"),
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": only("off"),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": countOrOff("1", 1000),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": countOrOff("off", 100),
};

export const listenerAttributes: AttributeTable = {
  "routing.http.response.server.enabled": flag(true),
  "routing.http.response.strict_transport_security.header_value": headerValue,
  "routing.http.response.access_control_allow_origin.header_value": headerValue,
  "routing.http.response.access_control_allow_methods.header_value": headerValue,
  "routing.http.response.access_control_allow_headers.header_value": headerValue,
  "routing.http.response.access_control_allow_credentials.header_value": headerValue,
  "routing.http.response.access_control_expose_headers.header_value": headerValue,
  "routing.http.response.access_control_max_age.header_value": headerValue,
  "routing.http.response.content_security_policy.header_value": headerValue,
  "routing.http.response.x_content_type_options.header_value": headerValue,
  "routing.http.response.x_frame_options.header_value": headerValue,
};

export const initialAttributes = (table: AttributeTable): Attributes =>
  Object.fromEntries(Object.entries(table).map(([key, { initial }]) => [key, initial]));

/** `current` with `changes` applied; throws on an unknown key or a bad value and then changes nothing. */
export function withAttributes(
  table: AttributeTable,
  current: Attributes,
  changes: readonly { readonly Key: string; readonly Value: string }[],
): Attributes {
  const next: Record<string, string> = { ...current };
  const seen = new Set<string>();
  for (const { Key: key, Value: value } of changes) {
    const attribute = Object.hasOwn(table, key) ? table[key] : undefined;
    if (!attribute) throw invalid(`Key '${key}' is not recognized`);
    if (seen.has(key)) throw invalid(`Key '${key}' was specified more than once`);
    seen.add(key);
    const refusal = attribute.check(value, key);
    if (refusal) throw refusal;
    next[key] = value;
  }
  return next;
}
