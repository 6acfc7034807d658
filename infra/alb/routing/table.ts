// The routing table: everything a request needs to know, immutable, built anew on every change of the store or of a
// target's health. A request takes one table at its start and keeps it to its end.

import { shortName } from "../model/arns.ts";
import type { State } from "../model/store.ts";
import {
  type Action,
  type Attributes,
  type Certificate,
  type FixedResponseAction,
  type ListenerProtocol,
  type RedirectAction,
  type TargetGroup,
  type TargetKey,
  targetKey,
} from "../model/types.ts";
import { compiledRule } from "./compiled-rule.ts";
import type { Predicate } from "./conditions.ts";
import type { Warmths } from "./slow-start.ts";
import type { Stickiness } from "./sticky-target.ts";
import type { Transformer } from "./transforms.ts";
import { type ObservedHealth, usableTargets } from "./usable-targets.ts";

export interface RoutingTable {
  /** By port: one port is one listener. */
  readonly listeners: ReadonlyMap<number, ListenerRoute>;
}

export interface ListenerRoute {
  readonly arn: string;
  readonly port: number;
  readonly protocol: ListenerProtocol;
  readonly sslPolicy: string | undefined;
  /** The first is for clients that name no host that another one fits. */
  readonly certificates: readonly Certificate[];
  readonly loadBalancer: LoadBalancerSettings;
  /** In order of priority, the default rule last. */
  readonly rules: readonly RuleRoute[];
  readonly sendServerHeader: boolean;
  /** Set on every response: name, value, name, value. */
  readonly responseHeaders: readonly string[];
}

export type DesyncMode = "monitor" | "defensive" | "strictest";

export interface LoadBalancerSettings {
  /** `app/name/id`. */
  readonly name: string;
  readonly dnsName: string;
  readonly idleTimeoutMs: number;
  readonly clientKeepAliveMs: number;
  readonly http2: boolean;
  readonly forwardedFor: "append" | "preserve" | "remove";
  readonly forwardedForPort: boolean;
  readonly preserveHost: boolean;
  readonly dropInvalidHeaders: boolean;
  readonly desyncMode: DesyncMode;
  readonly tlsHeaders: boolean;
}

export interface RuleRoute {
  /** 0 for the default rule, as the access log has it. */
  readonly priority: number;
  readonly matches: Predicate;
  readonly action: ActionRoute;
  /** What the target sees instead of host and URL; the default rule has none. */
  readonly transform?: Transformer | undefined;
}

export interface ForwardRoute {
  readonly kind: "forward";
  readonly groups: readonly WeightedRoute[];
  readonly totalWeight: number;
  /** Undefined unless clients stick to their group. */
  readonly groupStickinessMs: number | undefined;
}

export type ActionRoute =
  | ForwardRoute
  | { readonly kind: "redirect"; readonly config: RedirectAction["RedirectConfig"] }
  | { readonly kind: "fixed-response"; readonly config: FixedResponseAction["FixedResponseConfig"] };

export interface WeightedRoute {
  readonly group: GroupRoute;
  readonly weight: number;
}

export type Algorithm = "round_robin" | "least_outstanding_requests" | "weighted_random";

export interface GroupRoute {
  readonly arn: string;
  readonly algorithm: Algorithm;
  /** Those that may get a request now. */
  readonly targets: readonly TargetRoute[];
  /** No target is good enough, so the unhealthy ones serve as well. */
  readonly failOpen: boolean;
  readonly stickiness: Stickiness | undefined;
  /** Duration of slow start, 0 without. */
  readonly slowStartMs: number;
  /** From this time on no target is in slow start. */
  readonly warmAtMs: number;
  /** Targets that anomaly detection calls anomalous get less. */
  readonly mitigateAnomalies: boolean;
}

export interface TargetRoute {
  readonly key: TargetKey;
  readonly id: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** Since when it is in slow start. */
  readonly warmingSinceMs?: number | undefined;
}

/** What counts besides the desired state and health. */
export interface Surroundings {
  readonly warmths: Warmths;
  /** A group in which no target has been checked yet routes to them. */
  readonly routeToInitial: boolean;
}

const plainSurroundings: Surroundings = { warmths: new Map(), routeToInitial: false };

export const emptyTable: RoutingTable = { listeners: new Map() };

export function buildTable(state: State, health: ObservedHealth, surroundings = plainSurroundings): RoutingTable {
  const groups = new Map(
    [...state.targetGroups.values()].map((group) => [group.arn, groupRoute(group, health, surroundings)]),
  );
  const settings = new Map(
    [...state.loadBalancers.values()].map((each) => [
      each.arn,
      { name: shortName(each.arn), dnsName: each.dnsName, ...loadBalancerSettings(each.attributes) },
    ]),
  );
  const listeners = new Map<number, ListenerRoute>();
  for (const listener of state.listeners.values()) {
    const loadBalancer = settings.get(listener.loadBalancerArn);
    if (!loadBalancer) continue;
    const rules = [...state.rules.values()]
      .filter((rule) => rule.listenerArn === listener.arn)
      .sort((a, b) => a.priority - b.priority)
      .map((rule): RuleRoute => {
        const { matches, transform } = compiledRule(rule);
        return { priority: rule.priority, matches, transform, action: actionRoute(rule.actions, groups) };
      });
    rules.push({ priority: 0, matches: () => true, action: actionRoute(listener.defaultActions, groups) });
    const { arn, port, protocol, sslPolicy } = listener;
    const certificates = listener.certificateArns.flatMap((each) => state.certificates.get(each) ?? []);
    listeners.set(port, {
      ...{ arn, port, protocol, sslPolicy, certificates, loadBalancer, rules },
      sendServerHeader: listener.attributes["routing.http.response.server.enabled"] !== "false",
      responseHeaders: responseHeaders(listener.attributes),
    });
  }
  return { listeners };
}

function groupRoute(group: TargetGroup, health: ObservedHealth, surroundings: Surroundings): GroupRoute {
  const { usable, failOpen } = usableTargets(group, health, surroundings.routeToInitial);
  const slowStartMs = Number(group.attributes["slow_start.duration_seconds"]) * 1000;
  const targets = usable.map((target) => {
    const key = targetKey(group.arn, target);
    const warmth = surroundings.warmths.get(key);
    return {
      ...{ key, id: target.id, port: target.port, protocol: group.protocol },
      warmingSinceMs: warmth?.kind === "warming" ? warmth.sinceMs : undefined,
    };
  });
  return {
    ...{ arn: group.arn, failOpen, targets, slowStartMs },
    algorithm: group.attributes["load_balancing.algorithm.type"] as Algorithm,
    stickiness: stickinessOf(group.attributes),
    warmAtMs:
      targets.reduce((latest, { warmingSinceMs = -Infinity }) => Math.max(latest, warmingSinceMs), -Infinity) +
      slowStartMs,
    mitigateAnomalies: group.attributes["load_balancing.algorithm.anomaly_mitigation"] === "on",
  };
}

function stickinessOf(attributes: Attributes): Stickiness | undefined {
  if (attributes["stickiness.enabled"] !== "true") return undefined;
  const ms = (kind: string) => Number(attributes[`stickiness.${kind}.duration_seconds`]) * 1000;
  return attributes["stickiness.type"] === "app_cookie"
    ? {
        ...{ kind: "app_cookie", durationMs: ms("app_cookie") },
        cookieName: attributes["stickiness.app_cookie.cookie_name"] ?? "",
      }
    : { kind: "lb_cookie", durationMs: ms("lb_cookie") };
}

function actionRoute(actions: readonly Action[], groups: ReadonlyMap<string, GroupRoute>): ActionRoute {
  const action = actions.at(-1)!;
  switch (action.Type) {
    case "redirect":
      return { kind: "redirect", config: action.RedirectConfig };
    case "fixed-response":
      return { kind: "fixed-response", config: action.FixedResponseConfig };
    case "forward": {
      const weighted = action.ForwardConfig.TargetGroups.map(({ TargetGroupArn, Weight }) => ({
        group: groups.get(TargetGroupArn)!,
        weight: Weight,
      }));
      const { Enabled, DurationSeconds = 0 } = action.ForwardConfig.TargetGroupStickinessConfig;
      return {
        ...{ kind: "forward", groups: weighted },
        totalWeight: weighted.reduce((sum, each) => sum + each.weight, 0),
        groupStickinessMs: Enabled ? DurationSeconds * 1000 : undefined,
      };
    }
  }
}

function loadBalancerSettings(attributes: Attributes): Omit<LoadBalancerSettings, "name" | "dnsName"> {
  const on = (key: string) => attributes[key] === "true";
  return {
    idleTimeoutMs: Number(attributes["idle_timeout.timeout_seconds"]) * 1000,
    clientKeepAliveMs: Number(attributes["client_keep_alive.seconds"]) * 1000,
    http2: on("routing.http2.enabled"),
    forwardedFor: attributes["routing.http.xff_header_processing.mode"] as "append" | "preserve" | "remove",
    forwardedForPort: on("routing.http.xff_client_port.enabled"),
    preserveHost: on("routing.http.preserve_host_header.enabled"),
    desyncMode: attributes["routing.http.desync_mitigation_mode"] as DesyncMode,
    dropInvalidHeaders: on("routing.http.drop_invalid_header_fields.enabled"),
    tlsHeaders: on("routing.http.x_amzn_tls_version_and_cipher_suite.enabled"),
  };
}

const responseHeaderKey = /^routing\.http\.response\.(\w+)\.header_value$/;

function responseHeaders(attributes: Attributes): string[] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    const name = responseHeaderKey.exec(key)?.[1];
    return name && value !== "" ? [name.replaceAll("_", "-"), value] : [];
  });
}
