// What the ELBv2 API says of a load balancer, and what it would say of the one in a template, in the same form: one line for each
// attribute. What only tells one load balancer from another (ARNs, names of hosts, networks) is left out.
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AWS_DEFAULTS } from "./aws-defaults.ts";
import type { Json, Template } from "./variants.ts";

export type Facts = Readonly<Record<string, string>>;

const IDENTITY = new Set([
  ...["LoadBalancerArn", "LoadBalancerArns", "ListenerArn", "RuleArn", "TargetGroupArn", "CertificateArn"],
  ...["DNSName", "CanonicalHostedZoneId", "CreatedTime", "State", "VpcId", "AvailabilityZones", "SecurityGroups"],
]);

/** Everything, by the API. */
export async function describeAll(client: ElasticLoadBalancingV2Client): Promise<Facts> {
  const { LoadBalancers = [] } = await client.send(new DescribeLoadBalancersCommand({}));
  const LoadBalancerArn = LoadBalancers[0]!.LoadBalancerArn!;
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({}));
  const { TargetGroupArn } = TargetGroups[0]!;
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const balancer = await client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
  const group = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const listeners = await Promise.all(
    Listeners.map(async (listener) => {
      const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn: listener.ListenerArn }));
      return [listener.Protocol!, listenerFacts(listener, Rules)] as const;
    }),
  );
  return flat({
    loadBalancer: LoadBalancers[0],
    "loadBalancer.attributes": byKey(balancer.Attributes),
    targetGroup: TargetGroups[0],
    "targetGroup.attributes": byKey(group.Attributes),
    ...Object.fromEntries(listeners),
  });
}

/** The same of a template, where what it does not say is AWS's default. */
export function describeTemplate({ Resources }: Template): Facts {
  const all = (type: string): [string, Json][] =>
    Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
      Type === `AWS::ElasticLoadBalancingV2::${type}` ? [[id, Properties] as [string, Json]] : [],
    );
  const [[, { LoadBalancerAttributes, Name: LoadBalancerName, Subnets: _, ...balancer }]] = all("LoadBalancer") as [
    [string, Json],
  ];
  const blue = all("TargetGroup").find(([, { Name }]) => !Name.endsWith("-green"))!;
  const { TargetGroupAttributes, Name: TargetGroupName, ...group } = blue[1];
  const listeners = all("Listener").map(([id, listener]) => {
    const rules = all("ListenerRule").flatMap(([, rule]) => (rule.ListenerArn.Ref === id ? [rule] : []));
    const byDefault = { Priority: "default", Conditions: [], Actions: listener.DefaultActions };
    const own = { ...(listener.Protocol === "HTTPS" && AWS_DEFAULTS.https), ...listener };
    return [listener.Protocol, listenerFacts(own, [...rules, byDefault])] as const;
  });
  return flat({
    loadBalancer: { ...AWS_DEFAULTS.loadBalancer, LoadBalancerName, ...balancer },
    "loadBalancer.attributes": { ...AWS_DEFAULTS.loadBalancerAttributes, ...byKey(LoadBalancerAttributes) },
    targetGroup: { ...AWS_DEFAULTS.targetGroup, TargetGroupName, ...group },
    "targetGroup.attributes": { ...AWS_DEFAULTS.targetGroupAttributes, ...byKey(TargetGroupAttributes) },
    ...Object.fromEntries(listeners),
  });
}

const byKey = (attributes: readonly { Key?: string; Value?: Json }[] = []): Json =>
  Object.fromEntries(attributes.map(({ Key, Value }) => [Key, Value]));

/** A listener with all its rules; the default one says what the listener's default action is. */
function listenerFacts(
  { DefaultActions: _, Certificates, ...listener }: Listener | Json,
  rules: readonly (Rule | Json)[],
): Json {
  return {
    ...listener,
    ...(Certificates?.length && { certificates: Certificates.length }),
    ...Object.fromEntries(
      rules.map(({ Priority, Conditions, Actions }) => [`rule ${Priority}`, ruleFacts(Conditions, Actions)]),
    ),
  };
}

/** The API says some things twice; once is enough. */
const ruleFacts = (conditions: Json[], actions: Json[]): Json => ({
  when: conditions.map(({ Field, PathPatternConfig }) => `${Field} ${PathPatternConfig.Values}`).join(" and "),
  action: actions.map(actionFact).join(", then "),
});

function actionFact({ Type, RedirectConfig, FixedResponseConfig }: Json): string {
  if (Type === "forward") return "forward to the game";
  const config = RedirectConfig === undefined ? FixedResponseConfig : { ...AWS_DEFAULTS.redirect, ...RedirectConfig };
  return `${Type} ${JSON.stringify(sorted(config))}`;
}

const sorted = (value: Json): Json =>
  Object.fromEntries(Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));

/** `a.b.c: value`, text only, without what tells one from another. A reference in a template is said as such. */
function flat(value: Json, path = ""): Facts {
  if (typeof value?.Ref === "string") return { [path]: "one in the template" };
  if (value === null || typeof value !== "object") return { [path]: String(value) };
  const entries = Object.entries(value).filter(([key, inner]) => !IDENTITY.has(key) && inner !== undefined);
  return Object.assign({}, ...entries.map(([key, inner]) => flat(inner, path === "" ? key : `${path}.${key}`)));
}
