// A config file as calls of the ELBv2 API, in an order in which each finds what it refers to. Pure. Names become ARNs,
// and the ARNs follow from the names, so that they stay the same when the file is read again.

import { createHash } from "node:crypto";
import { listenerArn, loadBalancerArn, targetGroupArn } from "../model/arns.ts";
import type { DrainingTarget } from "./merge.ts";
import { type ConfigPath, refuse } from "./problem.ts";
import type { Config, GroupConfig, ListenerConfig } from "./schema.ts";

export interface Call {
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Where in the file the parameters stand. */
  readonly path: ConfigPath;
  /** The operation's ids are made from this. */
  readonly identity: string;
}

/** The `count`th id of the resource with that identity: 16 hexadecimal digits. */
export const stableId = (identity: string, count = 0) =>
  createHash("sha256").update(`${identity}#${count}`).digest("hex").slice(0, 16);

const identities = {
  // Protocol and address type of a group never change: with others it is another group.
  group: ({ Name, Protocol, IpAddressType }: GroupConfig) =>
    `targetgroup/${Name}/${Protocol}/${IpAddressType ?? "ipv4"}`,
  loadBalancer: (name: string) => `loadbalancer/${name}`,
  listener: (loadBalancer: string, port: number) => `listener/${loadBalancer}/${port}`,
  rule: (loadBalancer: string, port: number, priority: number) => `rule/${loadBalancer}/${port}/${priority}`,
};

export const groupArnOf = (group: GroupConfig) => targetGroupArn(group.Name, stableId(identities.group(group)));

/** Where the listener of a port stands. */
export function pathOfPort(config: Config, port: number): ConfigPath {
  const i = config.LoadBalancers.findIndex((each) => each.Listeners.some((listener) => listener.Port === port));
  const j = config.LoadBalancers[i]?.Listeners.findIndex((listener) => listener.Port === port) ?? -1;
  return j < 0 ? [] : ["LoadBalancers", i, "Listeners", j, "Port"];
}

/** Where a target of a group stands. */
export function pathOfTarget(config: Config, { groupArn, target }: DrainingTarget): ConfigPath {
  const i = config.TargetGroups.findIndex((each) => groupArnOf(each) === groupArn);
  const group = config.TargetGroups[i];
  const isIt = (each: Readonly<Record<string, unknown>>) =>
    each.Id === target.id && Number(each.Port ?? group?.Port) === target.port;
  const j = group?.Targets?.findIndex(isIt) ?? -1;
  return ["TargetGroups", i, "Targets", j];
}

/** What names in the file stand for: ARNs. */
interface Names {
  readonly groups: ReadonlyMap<string, string>;
  readonly certificates: ReadonlyMap<string, string>;
}

/** `certificates` are the ARNs by name, `localhost` among them. Throws a ConfigError at a name that nothing has. */
export function callsOf(config: Config, certificates: ReadonlyMap<string, string>): readonly Call[] {
  const names: Names = {
    groups: new Map(config.TargetGroups.map((each) => [each.Name, groupArnOf(each)])),
    certificates,
  };
  return [
    ...config.TargetGroups.flatMap((group, i) => groupCalls(group, ["TargetGroups", i])),
    ...config.LoadBalancers.flatMap((each, i) => loadBalancerCalls(each, ["LoadBalancers", i], names)),
  ];
}

function groupCalls(group: GroupConfig, path: ConfigPath): Call[] {
  const { Targets, Attributes, ...parameters } = group;
  const identity = identities.group(group);
  const TargetGroupArn = groupArnOf(group);
  return [
    { action: "CreateTargetGroup", parameters: { TargetType: "ip", ...parameters }, path, identity },
    ...(Attributes?.length
      ? [{ action: "ModifyTargetGroupAttributes", parameters: { TargetGroupArn, Attributes }, path, identity }]
      : []),
    ...(Targets?.length
      ? [{ action: "RegisterTargets", parameters: { TargetGroupArn, Targets }, path, identity }]
      : []),
  ];
}

function loadBalancerCalls(each: Config["LoadBalancers"][number], path: ConfigPath, names: Names): Call[] {
  const { Listeners, Attributes, ...parameters } = each;
  const identity = identities.loadBalancer(each.Name);
  const LoadBalancerArn = loadBalancerArn(each.Name, stableId(identity));
  return [
    { action: "CreateLoadBalancer", parameters, path, identity },
    ...(Attributes?.length
      ? [{ action: "ModifyLoadBalancerAttributes", parameters: { LoadBalancerArn, Attributes }, path, identity }]
      : []),
    ...Listeners.flatMap((listener, i) =>
      listenerCalls(listener, [...path, "Listeners", i], { name: each.Name, arn: LoadBalancerArn }, names),
    ),
  ];
}

function listenerCalls(
  listener: ListenerConfig,
  path: ConfigPath,
  loadBalancer: { readonly name: string; readonly arn: string },
  names: Names,
): Call[] {
  const { Rules = [], Attributes, Certificates, ...parameters } = listener;
  const identity = identities.listener(loadBalancer.name, listener.Port);
  const ListenerArn = listenerArn(loadBalancer.arn, stableId(identity));
  const [first, ...more] = certificatesOf(listener, path, names);
  return [
    {
      ...{ action: "CreateListener", path, identity },
      parameters: {
        ...parameters,
        LoadBalancerArn: loadBalancer.arn,
        DefaultActions: actionsOf(listener.DefaultActions, [...path, "DefaultActions"], names),
        ...(first && { Certificates: [first] }),
      },
    },
    ...(more.length > 0
      ? [{ action: "AddListenerCertificates", parameters: { ListenerArn, Certificates: more }, path, identity }]
      : []),
    ...(Attributes?.length
      ? [{ action: "ModifyListenerAttributes", parameters: { ListenerArn, Attributes }, path, identity }]
      : []),
    ...Rules.map((rule, i) => {
      const at = [...path, "Rules", i];
      return {
        action: "CreateRule",
        parameters: { ...rule, ListenerArn, Actions: actionsOf(rule.Actions, [...at, "Actions"], names) },
        path: at,
        identity: identities.rule(loadBalancer.name, listener.Port, rule.Priority),
      };
    }),
  ];
}

/** An HTTPS listener that names none has the certificate of this machine. */
function certificatesOf({ Protocol, Certificates }: ListenerConfig, path: ConfigPath, { certificates }: Names) {
  const given = Certificates ?? (Protocol === "HTTPS" ? [{ CertificateName: "localhost" }] : []);
  return given.map((each, i) => byName(each, "Certificate", certificates, [...path, "Certificates", i]));
}

/** Target groups stand in a forward action itself and in its ForwardConfig. */
function actionsOf(actions: readonly Readonly<Record<string, unknown>>[], path: ConfigPath, { groups }: Names) {
  return actions.map((action, i) => {
    const named = byName(action, "TargetGroup", groups, [...path, i]);
    const { ForwardConfig: forward } = action;
    if (!isRecord(forward) || !Array.isArray(forward.TargetGroups)) return named;
    const at = [...path, i, "ForwardConfig", "TargetGroups"];
    const TargetGroups = forward.TargetGroups.map((each: unknown, j) =>
      isRecord(each) ? byName(each, "TargetGroup", groups, [...at, j]) : each,
    );
    return { ...named, ForwardConfig: { ...forward, TargetGroups } };
  });
}

/** `TargetGroupName: app` becomes `TargetGroupArn: arn:…`, and the like. */
function byName(
  item: Readonly<Record<string, unknown>>,
  kind: "TargetGroup" | "Certificate",
  arns: ReadonlyMap<string, string>,
  path: ConfigPath,
): Readonly<Record<string, unknown>> {
  const { [`${kind}Name`]: name, ...others } = item;
  if (name === undefined) return item;
  const member = [...path, `${kind}Name`];
  if (typeof name !== "string") throw refuse(member, "It must be a name.");
  const arn = arns.get(name);
  if (arn === undefined) {
    throw refuse(
      member,
      `No ${kind} of the file is called '${name.slice(0, 64)}'; there are: ${[...arns.keys()].join(", ") || "none"}.`,
    );
  }
  if (others[`${kind}Arn`] !== undefined) throw refuse(member, `Say either ${kind}Name or ${kind}Arn.`);
  return { ...others, [`${kind}Arn`]: arn };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
