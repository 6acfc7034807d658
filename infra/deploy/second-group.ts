// The target group for the next generation in a blue/green deploy: the two of the topology take turns, and the idle one
// gets the settings of the one that serves.
import {
  CreateTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type TargetGroup,
  TargetGroupNotFoundException,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { Refusal } from "../stack/refusal.ts";
import { topology } from "../stack/topology.ts";

/** Its ARN; it is made when it is not there yet. */
export async function groupBeside(client: ElasticLoadBalancingV2Client, servingArn: string): Promise<string> {
  const serving = await describeServing(client, servingArn);
  const known = await findGroupBeside(client, servingArn);
  const arn = known ?? (await createLike(client, serving, nameBeside(serving)));
  if (known) await client.send(new ModifyTargetGroupCommand({ TargetGroupArn: arn, ...healthOf(serving) }));
  await copyAttributes(client, servingArn, arn);
  return arn;
}

/** Undefined when it was never made. */
export async function findGroupBeside(
  client: ElasticLoadBalancingV2Client,
  servingArn: string,
): Promise<string | undefined> {
  const serving = await describeServing(client, servingArn);
  return (await describeGroup(client, { Names: [nameBeside(serving)] }))?.TargetGroupArn;
}

async function describeServing(client: ElasticLoadBalancingV2Client, arn: string): Promise<TargetGroup> {
  const serving = await describeGroup(client, { TargetGroupArns: [arn] });
  if (serving === undefined) throw new Refusal("no-group", `The load balancer has no target group ${arn}.`);
  return serving;
}

function nameBeside({ TargetGroupName }: TargetGroup): string {
  const { name, alternateName } = topology.targetGroups.game;
  return TargetGroupName === alternateName ? name : alternateName;
}

/** Only what differs: the API describes more than it lets one set. */
async function copyAttributes(client: ElasticLoadBalancingV2Client, from: string, to: string): Promise<void> {
  const [wanted, present] = await Promise.all([from, to].map((arn) => attributesOf(client, arn)));
  const Attributes = [...(wanted ?? [])].flatMap(([Key, Value]) =>
    present?.get(Key) === Value ? [] : [{ Key, Value }],
  );
  if (Attributes.length > 0)
    await client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: to, Attributes }));
}

async function attributesOf(client: ElasticLoadBalancingV2Client, arn: string): Promise<Map<string, string>> {
  const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }));
  return new Map((Attributes ?? []).flatMap(({ Key, Value }) => (Key && Value !== undefined ? [[Key, Value]] : [])));
}

async function describeGroup(
  client: ElasticLoadBalancingV2Client,
  which: { Names: string[] } | { TargetGroupArns: string[] },
): Promise<TargetGroup | undefined> {
  try {
    return (await client.send(new DescribeTargetGroupsCommand(which))).TargetGroups?.[0];
  } catch (error) {
    if (error instanceof TargetGroupNotFoundException) return undefined;
    throw error;
  }
}

async function createLike(client: ElasticLoadBalancingV2Client, group: TargetGroup, name: string): Promise<string> {
  const { TargetType, Protocol, ProtocolVersion, Port, VpcId, IpAddressType } = group;
  const shape = { TargetType, Protocol, ProtocolVersion, Port, VpcId, IpAddressType };
  const answer = await client.send(new CreateTargetGroupCommand({ Name: name, ...shape, ...healthOf(group) }));
  const arn = answer.TargetGroups?.[0]?.TargetGroupArn;
  if (arn === undefined)
    throw new Refusal("elb-answer", "The load balancer's answer to CreateTargetGroup has no ARN in it.");
  return arn;
}

const healthOf = (group: TargetGroup) => ({
  HealthCheckProtocol: group.HealthCheckProtocol,
  HealthCheckPort: group.HealthCheckPort,
  HealthCheckPath: group.HealthCheckPath,
  HealthCheckIntervalSeconds: group.HealthCheckIntervalSeconds,
  HealthCheckTimeoutSeconds: group.HealthCheckTimeoutSeconds,
  HealthyThresholdCount: group.HealthyThresholdCount,
  UnhealthyThresholdCount: group.UnhealthyThresholdCount,
  Matcher: group.Matcher,
});
