// CreateListener, DescribeListeners, ModifyListener, DeleteListener and the attributes.

import { listenerArn, ruleArn } from "../../model/arns.ts";
import { initialAttributes, listenerAttributes } from "../../model/attributes.ts";
import { certificateNotFound, ElbError, invalid, listenerNotFound } from "../../model/errors.ts";
import { defaultPolicyName, findPolicy } from "../../model/security-policies.ts";
import { type Store, withEntry, withoutEntries } from "../../model/store.ts";
import type { Listener, ListenerProtocol } from "../../model/types.ts";
import { actionList, checkRedirects, presentActions, readActions } from "../actions.ts";
import { attributeOperations } from "../attribute-operations.ts";
import { type ControlContext, type Operation, operation } from "../operation.ts";
import { page, pagingMembers } from "../paging.ts";
import { integer, list, oneOf, optional, required, structure, text, type ValueOf } from "../shape.ts";
import { tagList, tagsWith } from "../tagging.ts";
import { findLoadBalancer } from "./load-balancers.ts";

const certificateList = list(structure({ CertificateArn: required(text()) }), 1);

const settingMembers = {
  Protocol: optional(oneOf("HTTP", "HTTPS")),
  Port: optional(integer(1, 65_535)),
  SslPolicy: optional(text()),
  Certificates: optional(certificateList),
  DefaultActions: optional(actionList),
};

export function findListener(store: Store, arn: string): Listener {
  const found = store.state.listeners.get(arn);
  if (!found) throw listenerNotFound();
  return found;
}

const present = (each: Listener) => ({
  ListenerArn: each.arn,
  LoadBalancerArn: each.loadBalancerArn,
  Port: each.port,
  Protocol: each.protocol,
  ...(each.protocol === "HTTPS" && {
    Certificates: each.certificateArns.slice(0, 1).map((CertificateArn) => ({ CertificateArn })),
    SslPolicy: each.sslPolicy,
    MutualAuthentication: { Mode: "off" },
  }),
  DefaultActions: presentActions(each.defaultActions),
});

/** TLS settings that fit the protocol; `before` is what a modify call leaves unsaid. */
function tlsSettings(
  protocol: ListenerProtocol,
  given: { SslPolicy: string | undefined; Certificates: ValueOf<typeof certificateList> | undefined },
  {
    store: {
      state: { certificates },
    },
  }: ControlContext,
  before?: Listener,
): Pick<Listener, "sslPolicy" | "certificateArns"> {
  if (protocol === "HTTP") {
    if (given.SslPolicy !== undefined) throw invalid("An SSL policy cannot be specified for an HTTP listener");
    if (given.Certificates?.length) throw invalid("Certificates cannot be specified for an HTTP listener");
    return { sslPolicy: undefined, certificateArns: [] };
  }
  const sslPolicy = given.SslPolicy ?? before?.sslPolicy ?? defaultPolicyName;
  if (!findPolicy(sslPolicy)) throw new ElbError("SSLPolicyNotFound", `SSL policy '${sslPolicy}' not found`);
  const [defaultBefore, ...others] = before?.certificateArns ?? [];
  const defaultArn = given.Certificates ? given.Certificates[0]?.CertificateArn : defaultBefore;
  if (defaultArn === undefined) throw invalid("A certificate must be specified for HTTPS listeners");
  if (!certificates.has(defaultArn)) throw certificateNotFound(defaultArn);
  return { sslPolicy, certificateArns: [defaultArn, ...others] };
}

/** Opens the port for a listener that `store` is about to get; nothing stays behind when storing fails. */
async function onPort(port: number, { ports }: ControlContext, storeIt: () => void): Promise<void> {
  await ports.open(port);
  try {
    storeIt();
  } finally {
    ports.release(port);
  }
}

const create = operation(
  "CreateListener",
  {
    LoadBalancerArn: required(text()),
    ...settingMembers,
    DefaultActions: required(actionList),
    Tags: optional(tagList),
  },
  async (input, context) => {
    const { store, newId } = context;
    const { state } = store;
    const loadBalancer = findLoadBalancer(store, input.LoadBalancerArn);
    const { Protocol: protocol, Port: port } = input;
    if (!protocol) throw invalid("A protocol must be specified");
    if (!port) throw invalid("A port must be specified");
    const defaultActions = readActions(input.DefaultActions, state, protocol);
    const settings = { port, protocol, defaultActions, ...tlsSettings(protocol, input, context) };
    const siblings = [...state.listeners.values()].filter((each) => each.loadBalancerArn === loadBalancer.arn);
    const existing = siblings.find((each) => each.port === port);
    if (existing) {
      // Certificates that were added to it later are no setting of its creation.
      const asCreated = { ...existing, certificateArns: existing.certificateArns.slice(0, 1) };
      const same = Object.entries(settings).every(
        ([key, value]) => JSON.stringify(asCreated[key as keyof Listener]) === JSON.stringify(value),
      );
      if (same) return { Listeners: [present(existing)] };
      throw new ElbError("DuplicateListener", "A listener with the specified port already exists.");
    }
    const arn = listenerArn(loadBalancer.arn, newId());
    const made: Listener = {
      ...{ arn, loadBalancerArn: loadBalancer.arn, defaultRuleArn: ruleArn(arn, newId()), ...settings },
      attributes: initialAttributes(listenerAttributes),
    };
    const tags = tagsWith(store, arn, input.Tags);
    await onPort(port, context, () => store.replace({ listeners: withEntry(state.listeners, arn, made), tags }));
    return { Listeners: [present(made)] };
  },
);

const describe = operation(
  "DescribeListeners",
  { LoadBalancerArn: optional(text()), ListenerArns: optional(list(text())), ...pagingMembers },
  (input, { store }) => {
    const { LoadBalancerArn: loadBalancer, ListenerArns: arns } = input;
    if ((loadBalancer === undefined) === (arns === undefined)) {
      throw invalid("You must specify either listener ARNs or a load balancer ARN");
    }
    if (loadBalancer !== undefined) findLoadBalancer(store, loadBalancer);
    const chosen =
      arns?.map((arn) => findListener(store, arn)) ??
      [...store.state.listeners.values()].filter((each) => each.loadBalancerArn === loadBalancer);
    const { items, NextMarker } = page(chosen, (each) => each.arn, input);
    return { Listeners: items.map(present), NextMarker };
  },
);

const modify = operation(
  "ModifyListener",
  { ListenerArn: required(text()), ...settingMembers },
  async (input, context) => {
    const { store } = context;
    const { state } = store;
    const existing = findListener(store, input.ListenerArn);
    const protocol = input.Protocol ?? existing.protocol;
    const port = input.Port ?? existing.port;
    const defaultActions = input.DefaultActions
      ? readActions(input.DefaultActions, state, protocol)
      : existing.defaultActions;
    const rules = [...state.rules.values()].filter((each) => each.listenerArn === existing.arn);
    checkRedirects([...defaultActions, ...rules.flatMap((each) => each.actions)], protocol);
    const next = { ...existing, port, protocol, defaultActions, ...tlsSettings(protocol, input, context, existing) };
    const storeIt = () => store.replace({ listeners: withEntry(state.listeners, existing.arn, next) });
    if (port === existing.port) storeIt();
    else {
      const taken = [...state.listeners.values()].some(
        (each) => each.loadBalancerArn === existing.loadBalancerArn && each.port === port,
      );
      if (taken) throw new ElbError("DuplicateListener", "A listener with the specified port already exists.");
      await onPort(port, context, storeIt);
    }
    return { Listeners: [present(next)] };
  },
);

const remove = operation("DeleteListener", { ListenerArn: required(text()) }, (input, { store }) => {
  const { listeners, rules, tags } = store.state;
  const { arn } = findListener(store, input.ListenerArn);
  const rulePrefix = `${arn.replace(":listener/", ":listener-rule/")}/`;
  store.replace({
    listeners: withoutEntries(listeners, (key) => key === arn),
    rules: withoutEntries(rules, (_, rule) => rule.listenerArn === arn),
    tags: withoutEntries(tags, (key) => key === arn || key.startsWith(rulePrefix)),
  });
  return {};
});

export const listenerOperations: readonly Operation[] = [
  create,
  describe,
  modify,
  remove,
  ...attributeOperations({
    kind: "Listener",
    table: listenerAttributes,
    find: findListener,
    put: ({ listeners }, next) => ({ listeners: withEntry(listeners, next.arn, next) }),
  }),
];
