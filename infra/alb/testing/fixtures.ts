// A small desired state to build routing tables from in tests.

import {
  initialAttributes,
  listenerAttributes,
  loadBalancerAttributes,
  targetGroupAttributes,
} from "../model/attributes.ts";
import { initialHealthCheck } from "../model/initial-health-check.ts";
import { emptyState, type State } from "../model/store.ts";
import type { Action, Attributes, Listener, LoadBalancer, Rule, Target, TargetGroup } from "../model/types.ts";

export const lbArn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/lb/1";
export const listenerArn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/lb/1/2";
export const groupArn = (name: string) => `arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/${name}/3`;

export const target = (port: number, drainEndsAtMs?: number): Target => ({
  id: "10.0.0.1",
  port,
  availabilityZone: "us-east-1a",
  drainEndsAtMs,
});

export const group = (name: string, targets: readonly Target[], attributes: Attributes = {}): TargetGroup => ({
  arn: groupArn(name),
  name,
  protocol: "HTTP",
  port: 80,
  vpcId: undefined,
  ipAddressType: "ipv4",
  healthCheck: initialHealthCheck,
  attributes: { ...initialAttributes(targetGroupAttributes), ...attributes },
  targets,
});

export const forwardTo = (...groups: [name: string, weight: number][]): Action => ({
  Type: "forward",
  ForwardConfig: {
    TargetGroups: groups.map(([name, Weight]) => ({ TargetGroupArn: groupArn(name), Weight })),
    TargetGroupStickinessConfig: { Enabled: false },
  },
});

export interface Setting {
  readonly groups: readonly TargetGroup[];
  readonly defaultAction: Action;
  readonly rules?: readonly Rule[];
  readonly attributes?: Attributes;
  readonly listener?: Partial<Listener>;
}

export function stateOf({ groups, defaultAction, rules = [], attributes = {}, listener = {} }: Setting): State {
  const loadBalancer: LoadBalancer = {
    arn: lbArn,
    name: "lb",
    dnsName: "lb-1.us-east-1.elb.amazonaws.com",
    scheme: "internet-facing",
    ipAddressType: "ipv4",
    subnets: [],
    securityGroups: [],
    createdAtMs: 0,
    attributes: { ...initialAttributes(loadBalancerAttributes), ...attributes },
  };
  const only: Listener = {
    arn: listenerArn,
    loadBalancerArn: lbArn,
    port: 80,
    protocol: "HTTP",
    sslPolicy: undefined,
    certificateArns: [],
    defaultActions: [defaultAction],
    defaultRuleArn: `${listenerArn}/9`,
    attributes: initialAttributes(listenerAttributes),
    ...listener,
  };
  return {
    ...emptyState,
    loadBalancers: new Map([[lbArn, loadBalancer]]),
    listeners: new Map([[listenerArn, only]]),
    rules: new Map(rules.map((each) => [each.arn, each])),
    targetGroups: new Map(groups.map((each) => [each.arn, each])),
  };
}

export const pathRule = (priority: number, pattern: string, action: Action): Rule => ({
  arn: `${listenerArn.replace("listener", "listener-rule")}/${priority}`,
  listenerArn,
  priority,
  conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: [pattern] } }],
  actions: [action],
});
