// Splits the traffic of a load balancer between two target groups, wherever it forwards to one of them: default actions
// and rules of all its listeners.
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { Refusal } from "../stack/refusal.ts";
import type { GroupWeight } from "./balancer.ts";
import { forwardBy, hasShare } from "./forward-actions.ts";

export async function splitTraffic(
  client: ElasticLoadBalancingV2Client,
  listenerArn: string,
  groups: readonly GroupWeight[],
): Promise<void> {
  const changes = (
    await Promise.all((await siblings(client, listenerArn)).map((one) => changesOf(client, one, groups)))
  ).flat();
  if (changes.length === 0) {
    throw new Refusal(
      "not-forwarded",
      "No listener forwards to the target group that serves: blue/green has nothing to change.",
    );
  }
  await Promise.all(changes.map((change) => change()));
}

/** Whether new connections may reach this group. */
export async function getsTraffic(
  client: ElasticLoadBalancingV2Client,
  listenerArn: string,
  targetGroupArn: string,
): Promise<boolean> {
  const rules = await Promise.all(
    (await siblings(client, listenerArn)).map(({ ListenerArn }) =>
      client.send(new DescribeRulesCommand({ ListenerArn })),
    ),
  );
  // The default action is among the rules.
  return rules.some(({ Rules }) => Rules?.some(({ Actions }) => hasShare(Actions ?? [], targetGroupArn)));
}

/** All listeners of the load balancer that this one belongs to. */
async function siblings(client: ElasticLoadBalancingV2Client, listenerArn: string): Promise<Listener[]> {
  const { Listeners } = await client.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }));
  const loadBalancerArn = Listeners?.[0]?.LoadBalancerArn;
  if (loadBalancerArn === undefined)
    throw new Refusal("no-listener", `The load balancer has no listener ${listenerArn}.`);
  const all = await client.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }));
  return all.Listeners ?? [];
}

/** Worked out for every listener and rule before the first one is changed: a refusal leaves everything as it was. */
async function changesOf(
  client: ElasticLoadBalancingV2Client,
  listener: Listener,
  groups: readonly GroupWeight[],
): Promise<(() => Promise<unknown>)[]> {
  const ListenerArn = listener.ListenerArn;
  if (ListenerArn === undefined) return [];
  const where = `The listener on port ${listener.Port}`;
  const DefaultActions = forwardBy(listener.DefaultActions ?? [], groups, where);
  const { Rules } = await client.send(new DescribeRulesCommand({ ListenerArn }));
  const ofRules = (Rules ?? []).flatMap(({ IsDefault, RuleArn, Priority, Actions: actions }) => {
    const Actions = IsDefault || !RuleArn ? undefined : forwardBy(actions ?? [], groups, `${where}, rule ${Priority},`);
    return Actions ? [() => client.send(new ModifyRuleCommand({ RuleArn, Actions }))] : [];
  });
  if (DefaultActions === undefined) return ofRules;
  return [() => client.send(new ModifyListenerCommand({ ListenerArn, DefaultActions })), ...ofRules];
}
