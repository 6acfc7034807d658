// What is asked of both load balancers: they are set up by the code of the stack, a second group gets a share by the code of the deploys, then
// everything is described, and then come questions that are wrong.
import {
  type Certificate,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeAccountLimitsCommand,
  DescribeListenerAttributesCommand,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeSSLPoliciesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { elbBalancer } from "../../../deploy/elb-balancer.ts";
import { elbPort } from "../../../stack/elb.ts";
import {
  type LoadBalancer,
  type LoadBalancerPorts,
  type Network,
  setUpLoadBalancer,
} from "../../../stack/load-balancer.ts";
import type { Address } from "../../../stack/platforms/platform.ts";
import { topology } from "../../../stack/topology.ts";

type Client = ElasticLoadBalancingV2Client;

export interface Stage {
  readonly client: Client;
  readonly ports: LoadBalancerPorts;
  /** Where no listener is. */
  readonly freePort: number;
  readonly network: Network;
  readonly certificateArn: NonNullable<Certificate["CertificateArn"]>;
  /** A server that answers health checks. */
  readonly target: Address;
  /** Resolves when the load balancer has found it healthy. */
  readonly untilHealthy: (targetGroupArn: string) => Promise<void>;
}

const { name, alternateName } = topology.targetGroups.game;

export async function play(stage: Stage): Promise<void> {
  const { certificateArn, client, network, ports } = stage;
  const made = await setUpLoadBalancer(client, ports, certificateArn, topology.delays.aws, network);
  const balancer = elbBalancer(client, made.listenerArn);
  const alternateArn = await balancer.groupBeside(made.targetGroupArn);
  await balancer.forward([
    { targetGroupArn: made.targetGroupArn, weight: 80 },
    { targetGroupArn: alternateArn, weight: 20 },
  ]);
  await elbPort(client).registerTarget(made.targetGroupArn, stage.target);
  await stage.untilHealthy(made.targetGroupArn);
  await describe(client, made, alternateArn);
  await askWrongly(stage, made, alternateArn);
}

async function describe(client: Client, made: LoadBalancer, alternateArn: string): Promise<void> {
  const { loadBalancerArn: LoadBalancerArn, targetGroupArn } = made;
  await client.send(new DescribeLoadBalancersCommand({ Names: [topology.name] }));
  await client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
  await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
  for (const TargetGroupArn of [targetGroupArn, alternateArn]) {
    await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  }
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
  for (const { ListenerArn } of Listeners.sort((a, b) => (a.Protocol! < b.Protocol! ? -1 : 1))) {
    await client.send(new DescribeListenerAttributesCommand({ ListenerArn }));
    await client.send(new DescribeListenerCertificatesCommand({ ListenerArn }));
    await client.send(new DescribeRulesCommand({ ListenerArn }));
  }
  await client.send(new DescribeTagsCommand({ ResourceArns: [LoadBalancerArn, targetGroupArn, made.listenerArn] }));
  await client.send(new DescribeSSLPoliciesCommand({ Names: [topology.listeners.https.sslPolicy] }));
  await client.send(new DescribeAccountLimitsCommand({}));
}

/** Each is asked whatever became of the ones before. */
async function askWrongly(stage: Stage, made: LoadBalancer, alternateArn: string): Promise<void> {
  const { client } = stage;
  for (const command of [
    ...unknown(made),
    ...invalid(stage, made),
    ...conflicts(stage, made, alternateArn),
    ...twice(made),
  ]) {
    // biome-ignore lint/suspicious/noExplicitAny: the commands of a list have no type in common that a client takes
    await client.send(command as any).catch(() => {}); // it is recorded
  }
}

const other = (arn: string): string => arn.replace(/.{4}$/, "0000");

function unknown({ loadBalancerArn, listenerArn, targetGroupArn }: LoadBalancer): object[] {
  return [
    new DescribeTargetHealthCommand({ TargetGroupArn: other(targetGroupArn) }),
    new DescribeListenersCommand({ LoadBalancerArn: other(loadBalancerArn) }),
    new DescribeRulesCommand({ ListenerArn: other(listenerArn) }),
    new DescribeLoadBalancersCommand({ Names: ["nobody"] }),
    new DescribeTargetGroupsCommand({ Names: ["nobody"] }),
    new RegisterTargetsCommand({ TargetGroupArn: other(targetGroupArn), Targets: [{ Id: "127.0.0.1" }] }),
  ];
}

function invalid(
  { freePort, network }: Stage,
  { listenerArn, loadBalancerArn, targetGroupArn }: LoadBalancer,
): object[] {
  const forward = [{ Type: "forward" as const, TargetGroupArn: targetGroupArn }];
  const path = [{ Field: "path-pattern", Values: ["/x"] }];
  return [
    new CreateTargetGroupCommand({ Name: "bad-port", Protocol: "HTTP", Port: 70_000, VpcId: network.vpc }),
    new CreateTargetGroupCommand({ Name: "bad_name", Protocol: "HTTP", Port: 80, VpcId: network.vpc }),
    new CreateListenerCommand({ LoadBalancerArn: loadBalancerArn, Protocol: "HTTP", Port: 0, DefaultActions: forward }),
    new CreateListenerCommand({
      ...{ LoadBalancerArn: loadBalancerArn, Protocol: "HTTPS", Port: freePort, DefaultActions: forward },
    }),
    new CreateRuleCommand({ ListenerArn: listenerArn, Priority: 100_000, Conditions: path, Actions: forward }),
    new ModifyTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn, Attributes: [{ Key: "x", Value: "1" }] }),
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: targetGroupArn,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "3601" }],
    }),
  ];
}

function conflicts({ network, ports }: Stage, made: LoadBalancer, alternateArn: string): object[] {
  const { listenerArn, loadBalancerArn, targetGroupArn } = made;
  const forward = [{ Type: "forward" as const, TargetGroupArn: targetGroupArn }];
  const path = [{ Field: "path-pattern", Values: ["/x"] }];
  return [
    new CreateTargetGroupCommand({ Name: name, Protocol: "HTTP", Port: 81, VpcId: network.vpc, TargetType: "ip" }),
    new CreateTargetGroupCommand({
      Name: alternateName,
      Protocol: "HTTP",
      Port: 81,
      VpcId: network.vpc,
      TargetType: "ip",
    }),
    new CreateLoadBalancerCommand({ Name: topology.name, Scheme: "internal", Subnets: [...network.subnets] }),
    new CreateListenerCommand({
      ...{ LoadBalancerArn: loadBalancerArn, Protocol: "HTTP", Port: ports.http, DefaultActions: forward },
    }),
    new CreateRuleCommand({ ListenerArn: listenerArn, Priority: 1, Conditions: path, Actions: forward }),
    new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn }),
    new DeleteTargetGroupCommand({ TargetGroupArn: alternateArn }),
  ];
}

/** Everything goes, and goes once more. */
function twice({ listenerArn, loadBalancerArn, targetGroupArn }: LoadBalancer): object[] {
  const RuleArn = `${listenerArn.replace(":listener/", ":listener-rule/")}/0000000000000000`;
  const again = (command: () => object) => [command(), command()];
  return [
    new DeleteRuleCommand({ RuleArn }),
    ...again(() => new DeleteListenerCommand({ ListenerArn: listenerArn })),
    ...again(() => new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancerArn })),
    ...again(() => new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn })),
  ];
}
