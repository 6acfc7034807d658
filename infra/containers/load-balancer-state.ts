// The load balancer as the agent finds it: set up by an agent before this one, or empty because it has just started.
import {
  DeleteLoadBalancerCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  LoadBalancerNotFoundException,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { splitTraffic } from "../deploy/listener-weights.ts";
import { groupBeside } from "../deploy/second-group.ts";
import type { Clock } from "../stack/clock.ts";
import { type LoadBalancer, type LoadBalancerPorts, setUpLoadBalancer } from "../stack/load-balancer.ts";
import { type Delays, topology } from "../stack/topology.ts";

const LISTENS_LIMIT_MS = 30_000;
const LISTENS_POLL_MS = 100;
const ACM = "CertificateManager.ListCertificates";
const certificatesSchema = z.object({
  CertificateSummaryList: z.array(z.object({ CertificateArn: z.string(), DomainName: z.string() })),
});

/**
 * Finds it or sets it up; `targetGroupArn` is that of the group that serves. `servers` are the groups of the servers that run: a load
 * balancer that has forgotten everything serves from the other group if most of them are there.
 */
export async function openLoadBalancer(
  client: ElasticLoadBalancingV2Client,
  controlUrl: string,
  ports: LoadBalancerPorts,
  delays: Delays,
  servers: readonly string[],
): Promise<LoadBalancer> {
  const found = await findLoadBalancer(client);
  if (found) return found;
  const made = await setUpLoadBalancer(client, ports, await certificateArn(controlUrl), delays);
  const elsewhere = servers.filter((arn) => arn !== made.targetGroupArn);
  if (elsewhere.length === 0) return made;
  const beside = await groupBeside(client, made.targetGroupArn);
  if (elsewhere.length <= servers.length / 2) return made;
  await splitTraffic(client, made.listenerArn, [
    { targetGroupArn: made.targetGroupArn, weight: 0 },
    { targetGroupArn: beside, weight: 1 },
  ]);
  return { ...made, targetGroupArn: beside };
}

/** Undefined when it is not there. One that was left half set up is taken away. */
async function findLoadBalancer(client: ElasticLoadBalancingV2Client): Promise<LoadBalancer | undefined> {
  const loadBalancerArn = await findArn(client);
  if (loadBalancerArn === undefined) return undefined;
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }));
  const https = Listeners.find(({ Protocol }) => Protocol === topology.listeners.https.protocol);
  if (https?.ListenerArn !== undefined && Listeners.length === 2) {
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn: https.ListenerArn }));
    const targetGroupArn = servingGroup(https);
    const isWhole = Rules.length === topology.listenerRules.length + 1; // and the default rule
    if (isWhole && targetGroupArn !== undefined)
      return { loadBalancerArn, targetGroupArn, listenerArn: https.ListenerArn };
  }
  await client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancerArn }));
  return undefined;
}

async function findArn(client: ElasticLoadBalancingV2Client): Promise<string | undefined> {
  try {
    const answer = await client.send(new DescribeLoadBalancersCommand({ Names: [topology.name] }));
    return answer.LoadBalancers?.[0]?.LoadBalancerArn;
  } catch (error) {
    if (error instanceof LoadBalancerNotFoundException) return undefined;
    throw error;
  }
}

/** The certificate authority (PEM) of a load balancer that perhaps only begins to listen. Rejects when it does not in time. */
export async function readAuthority(controlUrl: string, clock: Clock): Promise<string> {
  const deadlineMs = clock.nowMs() + LISTENS_LIMIT_MS;
  for (;;) {
    try {
      return await (await fetch(new URL("/ca.pem", controlUrl))).text();
    } catch (error) {
      if (clock.nowMs() >= deadlineMs) throw error;
      await clock.sleep(LISTENS_POLL_MS);
    }
  }
}

/** Whether everything that was set up is forgotten; false also while nobody answers. */
export async function hasForgotten(client: ElasticLoadBalancingV2Client): Promise<boolean> {
  try {
    return (await client.send(new DescribeTargetGroupsCommand({}))).TargetGroups?.length === 0;
  } catch {
    return false; // it starts anew, and will tell then
  }
}

/** The group that gets most of what the listener forwards. */
export function servingGroup({ DefaultActions = [] }: Pick<Listener, "DefaultActions">): string | undefined {
  const forward = DefaultActions.find(({ Type }) => Type === "forward");
  const groups = forward?.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: forward?.TargetGroupArn, Weight: 1 }];
  return [...groups].sort((a, b) => (b.Weight ?? 0) - (a.Weight ?? 0))[0]?.TargetGroupArn;
}

/** Of the certificate that the load balancer has made for this machine. */
async function certificateArn(controlUrl: string): Promise<string> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": ACM };
  const answer = await fetch(controlUrl, { method: "POST", headers, body: "{}" });
  const { CertificateSummaryList } = certificatesSchema.parse(await answer.json());
  const local = CertificateSummaryList.find(({ DomainName }) => DomainName === "localhost");
  if (local === undefined) throw new Error("the load balancer has no certificate for localhost");
  return local.CertificateArn;
}
