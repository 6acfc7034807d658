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
  registerTarget(address: Address): Promise<void>;
  deregisterTarget(address: Address): Promise<void>;
  /** `unused` when the load balancer does not know the target (any more). */
  targetState(address: Address): Promise<TargetState>;
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

export function elbPort(client: ElasticLoadBalancingV2Client, targetGroupArn: string): ElbPort {
  const request = (address: Address) => ({
    TargetGroupArn: targetGroupArn,
    Targets: [{ Id: address.host, Port: address.port }],
  });
  return {
    registerTarget: async (address) => void (await client.send(new RegisterTargetsCommand(request(address)))),
    deregisterTarget: async (address) => void (await client.send(new DeregisterTargetsCommand(request(address)))),
    targetState: async (address) => {
      const answer = await client.send(new DescribeTargetHealthCommand(request(address)));
      return answer.TargetHealthDescriptions?.[0]?.TargetHealth?.State ?? "unused";
    },
  };
}
