// The few calls of the ELBv2 API that the agent makes, as an interface and over the AWS SDK. The same code speaks to
// the local control API and to AWS.
import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  type TargetHealthStateEnum,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Address } from "./platforms/platform.ts";
import { topology } from "./topology.ts";

export type TargetState = TargetHealthStateEnum;

export interface ElbPort {
  registerTarget(targetGroupArn: string, address: Address): Promise<void>;
  /** All of them at the same instant; who is no target is passed over. */
  deregisterTargets(targetGroupArn: string, addresses: readonly Address[]): Promise<void>;
  /** `unused` when the load balancer does not know the target (any more). */
  targetState(targetGroupArn: string, address: Address): Promise<TargetState>;
}

const REQUEST_TIMEOUT_MS = 5_000;

/** A client for the local control API, which takes any credentials. */
export function localElbClient(controlUrl: string): ElasticLoadBalancingV2Client {
  return new ElasticLoadBalancingV2Client({
    endpoint: controlUrl,
    region: topology.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS },
  });
}

export function elbPort(client: ElasticLoadBalancingV2Client): ElbPort {
  const request = (targetGroupArn: string, addresses: readonly Address[]) => ({
    TargetGroupArn: targetGroupArn,
    Targets: addresses.map((address) => ({ Id: address.host, Port: address.port })),
  });
  return {
    registerTarget: async (group, address) =>
      void (await client.send(new RegisterTargetsCommand(request(group, [address])))),
    deregisterTargets: async (group, addresses) =>
      void (await client.send(new DeregisterTargetsCommand(request(group, addresses)))),
    targetState: async (group, address) => {
      const answer = await client.send(new DescribeTargetHealthCommand(request(group, [address])));
      return answer.TargetHealthDescriptions?.[0]?.TargetHealth?.State ?? "unused";
    },
  };
}
