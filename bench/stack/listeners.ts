// More ways into the stack's load balancer than players need, set up through the ELBv2 API: to one server only, with TLS and without.
import {
  CreateListenerCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { topology } from "../../infra/stack/topology.ts";

/** With TLS 1.3, which is what generators speak; without one named, AWS's API gives an older one. */
const SECURITY_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** What a new listener needs of the one that there is. */
export interface BalancerParts {
  readonly loadBalancerArn: string;
  readonly certificateArn: string;
}

export async function balancerParts(elb: ElasticLoadBalancingV2Client, listenerArn: string): Promise<BalancerParts> {
  const answer = await elb.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }));
  const listener = answer.Listeners?.[0];
  return {
    loadBalancerArn: given(listener?.LoadBalancerArn, "the listener's load balancer"),
    certificateArn: given(listener?.Certificates?.[0]?.CertificateArn, "the listener's certificate"),
  };
}

/** A target group like the game's, without targets. */
export async function createGroup(elb: ElasticLoadBalancingV2Client, name: string): Promise<string> {
  const { targetType, protocol, port } = topology.targetGroups.game;
  const delays = topology.delays.local;
  const answer = await elb.send(
    new CreateTargetGroupCommand({
      ...{ Name: name, TargetType: targetType, Protocol: protocol, Port: port, VpcId: "vpc-00000000" },
      HealthCheckPath: topology.healthCheck.path,
      HealthCheckIntervalSeconds: delays.healthCheckIntervalSeconds,
      HealthCheckTimeoutSeconds: delays.healthCheckTimeoutSeconds,
      HealthyThresholdCount: delays.healthyThresholdCount,
    }),
  );
  return given(answer.TargetGroups?.[0]?.TargetGroupArn, "the new target group");
}

export async function forwardFrom(
  elb: ElasticLoadBalancingV2Client,
  { loadBalancerArn, certificateArn }: BalancerParts,
  targetGroupArn: string,
  ports: { readonly plain: number; readonly tls: number },
): Promise<void> {
  const actions = { DefaultActions: [{ Type: "forward" as const, TargetGroupArn: targetGroupArn }] };
  const to = { LoadBalancerArn: loadBalancerArn, ...actions };
  await elb.send(new CreateListenerCommand({ ...to, Protocol: "HTTP", Port: ports.plain }));
  await elb.send(
    new CreateListenerCommand({
      ...{ ...to, Protocol: "HTTPS", Port: ports.tls, SslPolicy: SECURITY_POLICY },
      Certificates: [{ CertificateArn: certificateArn }],
    }),
  );
}

function given(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`the load balancer does not name ${what}`);
  return value;
}
