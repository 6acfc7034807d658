// Makes the console's document of what was desired, what was observed and what is open now. Pure.

import { shortName } from "../model/arns.ts";
import { listenerAttributes, loadBalancerAttributes, targetGroupAttributes } from "../model/attributes.ts";
import type { State } from "../model/store.ts";
import {
  type Listener,
  type LoadBalancer,
  type Rule,
  type Target,
  type TargetGroup,
  type TargetKey,
  targetKey,
} from "../model/types.ts";
import { groupUsage } from "../model/usage.ts";
import { withPort } from "../proxy/client-connection.ts";
import { type ObservedHealth, usableTargets } from "../routing/usable-targets.ts";
import type { LoadBalancerView, RuleView, TargetGroupView, TargetView } from "./state.ts";
import type { DescribeHealth } from "./target-watch.ts";
import { actionWords, changedAttributes, conditionWords, healthCheckWords, transformWords } from "./words.ts";

export interface Observed {
  readonly status: ObservedHealth;
  readonly describe: DescribeHealth;
  readonly sinceMs: (key: TargetKey) => number;
  readonly outstanding: (key: TargetKey) => number;
  readonly webSockets: (key: TargetKey) => number;
}

export function describeLoadBalancers(
  state: State,
  connectionsByPort: ReadonlyMap<number, number>,
): readonly LoadBalancerView[] {
  return [...state.loadBalancers.values()].map((each) => ({
    arn: each.arn,
    name: each.name,
    dnsName: each.dnsName,
    scheme: each.scheme,
    settings: changedAttributes(loadBalancerAttributes, each.attributes),
    listeners: listenersOf(each, state).map((listener) => ({
      arn: listener.arn,
      port: listener.port,
      protocol: listener.protocol,
      ...(listener.sslPolicy !== undefined && { sslPolicy: listener.sslPolicy }),
      certificates: listener.certificateArns.map(lastPart),
      settings: changedAttributes(listenerAttributes, listener.attributes),
      connections: connectionsByPort.get(listener.port) ?? 0,
      rules: rulesOf(listener, state),
    })),
  }));
}

const listenersOf = (loadBalancer: LoadBalancer, state: State): readonly Listener[] =>
  [...state.listeners.values()]
    .filter((each) => each.loadBalancerArn === loadBalancer.arn)
    .sort((a, b) => a.port - b.port);

function rulesOf(listener: Listener, state: State): readonly RuleView[] {
  const groupName = (arn: string) => state.targetGroups.get(arn)?.name ?? lastPart(arn);
  const view = (rule: Pick<Rule, "arn" | "conditions" | "actions" | "transforms">, priority: string): RuleView => ({
    arn: rule.arn,
    priority,
    conditions: rule.conditions.map(conditionWords),
    actions: [
      ...(rule.transforms ?? []).map(transformWords),
      ...rule.actions.map((action) => actionWords(action, groupName)),
    ],
  });
  return [
    ...[...state.rules.values()]
      .filter((each) => each.listenerArn === listener.arn)
      .sort((a, b) => a.priority - b.priority)
      .map((each) => view(each, String(each.priority))),
    view({ arn: listener.defaultRuleArn, conditions: [], actions: listener.defaultActions }, "default"),
  ];
}

export function describeTargetGroups(state: State, observed: Observed): readonly TargetGroupView[] {
  const usage = groupUsage(state);
  return [...state.targetGroups.values()].map((group) => ({
    arn: group.arn,
    name: group.name,
    protocol: group.protocol,
    algorithm: (group.attributes["load_balancing.algorithm.type"] ?? "").replaceAll("_", " "),
    healthCheck: healthCheckWords(group.healthCheck),
    settings: changedAttributes(targetGroupAttributes, group.attributes),
    usedBy: [...(usage.get(group.arn) ?? [])].map((arn) => state.loadBalancers.get(arn)?.name ?? lastPart(arn)),
    failOpen: usableTargets(group, observed.status).failOpen,
    targets: group.targets.map((target) => describeTarget(group, target, observed)),
  }));
}

function describeTarget(group: TargetGroup, target: Target, observed: Observed): TargetView {
  const key = targetKey(group.arn, target);
  const name = withPort(target.id, target.port);
  const { State: state, Reason: reason, Description: description } = observed.describe(group, target);
  const sinceMs = observed.sinceMs(key);
  return {
    ...{ key: viewKey(shortName(group.arn), name), name, zone: target.availabilityZone, state, sinceMs },
    ...(reason && { reason }),
    ...(description && { description }),
    outstanding: observed.outstanding(key),
    webSockets: observed.webSockets(key),
    ...(target.drainEndsAtMs !== undefined && { drain: { startedAtMs: sinceMs, endsAtMs: target.drainEndsAtMs } }),
  };
}

/** Names a target in all parts of the document. */
export const viewKey = (groupName: string, target: string) => `${groupName} ${target}`;

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);
