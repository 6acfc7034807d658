// Sets up load balancer, target group and listeners by the ELBv2 API, from the topology. It registers no targets: the
// agent does.
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  type ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { Refusal } from "./refusal.ts";
import { type Delays, targetGroupAttributes, topology } from "./topology.ts";

export interface LoadBalancerPorts {
  readonly https: number;
  /** Where players find the HTTPS listener, when that is not its own port. */
  readonly publicHttps?: number;
  readonly http: number;
}

export interface LoadBalancer {
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  /** Of the HTTPS listener. */
  readonly listenerArn: string;
}

export interface Network {
  readonly vpc: string;
  readonly subnets: readonly string[];
}

/** AWS wants a network to be named. The local load balancer has loopback only, and takes any. */
const ANY_NETWORK: Network = { vpc: "vpc-00000000", subnets: ["subnet-00000000", "subnet-00000001"] };

export async function setUpLoadBalancer(
  client: ElasticLoadBalancingV2Client,
  ports: LoadBalancerPorts,
  certificateArn: string,
  delays: Delays,
  network = ANY_NETWORK,
): Promise<LoadBalancer> {
  const [loadBalancerArn, targetGroupArn] = await Promise.all([
    createLoadBalancer(client, network),
    createTargetGroup(client, delays, network),
  ]);
  const listenerArn = await createListeners(client, loadBalancerArn, targetGroupArn, ports, certificateArn);
  return { loadBalancerArn, targetGroupArn, listenerArn };
}

async function createLoadBalancer(client: ElasticLoadBalancingV2Client, { subnets }: Network): Promise<string> {
  const answer = await client.send(
    new CreateLoadBalancerCommand({ Name: topology.name, Type: "application", Subnets: [...subnets] }),
  );
  const arn = named(answer.LoadBalancers?.[0]?.LoadBalancerArn, "CreateLoadBalancer");
  const attributes = Object.entries(topology.loadBalancerAttributes).map(([Key, Value]) => ({ Key, Value }));
  await client.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: arn, Attributes: attributes }));
  return arn;
}

async function createTargetGroup(
  client: ElasticLoadBalancingV2Client,
  delays: Delays,
  { vpc }: Network,
): Promise<string> {
  const group = topology.targetGroups.game;
  const answer = await client.send(
    new CreateTargetGroupCommand({
      Name: group.name,
      TargetType: group.targetType,
      Protocol: group.protocol,
      ProtocolVersion: group.protocolVersion,
      Port: group.port,
      VpcId: vpc,
      HealthCheckPath: topology.healthCheck.path,
      HealthCheckIntervalSeconds: delays.healthCheckIntervalSeconds,
      HealthCheckTimeoutSeconds: delays.healthCheckTimeoutSeconds,
      HealthyThresholdCount: delays.healthyThresholdCount,
      UnhealthyThresholdCount: delays.unhealthyThresholdCount,
      Matcher: { HttpCode: topology.healthCheck.matcher },
    }),
  );
  const arn = named(answer.TargetGroups?.[0]?.TargetGroupArn, "CreateTargetGroup");
  const attributes = targetGroupAttributes(delays);
  await client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: attributes }));
  return arn;
}

/** The HTTPS listener's ARN; the HTTP one only sends people there. */
async function createListeners(
  client: ElasticLoadBalancingV2Client,
  loadBalancerArn: string,
  targetGroupArn: string,
  ports: LoadBalancerPorts,
  certificateArn: string,
): Promise<string> {
  const https = new CreateListenerCommand({
    LoadBalancerArn: loadBalancerArn,
    Protocol: topology.listeners.https.protocol,
    Port: ports.https,
    SslPolicy: topology.listeners.https.sslPolicy,
    Certificates: [{ CertificateArn: certificateArn }],
    DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
  });
  const { protocol, action } = topology.listeners.http;
  const http = new CreateListenerCommand({
    LoadBalancerArn: loadBalancerArn,
    Protocol: protocol,
    Port: ports.http,
    DefaultActions: [
      {
        Type: action.kind,
        RedirectConfig: {
          StatusCode: action.statusCode,
          Protocol: "HTTPS",
          Port: String(ports.publicHttps ?? ports.https),
        },
      },
    ],
  });
  const [answer] = await Promise.all([client.send(https), client.send(http)]);
  const httpsArn = named(answer.Listeners?.[0]?.ListenerArn, "CreateListener");
  await createRules(client, httpsArn);
  return httpsArn;
}

async function createRules(client: ElasticLoadBalancingV2Client, listenerArn: string): Promise<void> {
  for (const { priority, pathPatterns, action } of topology.listenerRules) {
    const { statusCode: StatusCode, contentType: ContentType, messageBody: MessageBody } = action;
    await client.send(
      new CreateRuleCommand({
        ListenerArn: listenerArn,
        Priority: priority,
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: [...pathPatterns] } }],
        Actions: [{ Type: action.kind, FixedResponseConfig: { StatusCode, ContentType, MessageBody } }],
      }),
    );
  }
}

function named(arn: string | undefined, operation: string): string {
  if (arn === undefined)
    throw new Refusal("elb-answer", `The load balancer's answer to ${operation} has no ARN in it.`);
  return arn;
}
