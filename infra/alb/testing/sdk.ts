// What every conformance test begins with: the official SDK, a load balancer, and short ways to make the rest.

import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { startApi } from "./api.ts";
import type { closeAfterEach } from "./cleanup.ts";
import { freePort } from "./free-port.ts";

type Keep = ReturnType<typeof closeAfterEach>;

export async function setUpSdk(keep: Keep) {
  const api = keep(await startApi({ fastHealthChecks: true }));
  const send = api.client.send.bind(api.client);
  const lb = (await send(new CreateLoadBalancerCommand({ Name: "game", Subnets: ["subnet-1", "subnet-2"] })))
    .LoadBalancers![0]!;
  const newGroup = async (Name: string, more: object = {}) =>
    (
      await send(
        new CreateTargetGroupCommand({ Name, Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId: "vpc-1", ...more }),
      )
    ).TargetGroups![0]!.TargetGroupArn!;
  const forwardTo = (TargetGroupArn: string) => [{ Type: "forward" as const, TargetGroupArn }];
  const newListener = async (group: string, more: object = {}) =>
    (
      await send(
        new CreateListenerCommand({
          LoadBalancerArn: lb.LoadBalancerArn,
          Protocol: "HTTP",
          Port: await freePort(),
          DefaultActions: forwardTo(group),
          ...more,
        }),
      )
    ).Listeners![0]!;
  const refusal = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => undefined,
      (thrown: Error & { $metadata?: { httpStatusCode?: number } }) => thrown,
    );
    return { code: error?.name, message: error?.message, status: error?.$metadata?.httpStatusCode };
  };
  return { api, send, lb, lbArn: lb.LoadBalancerArn!, newGroup, newListener, forwardTo, refusal };
}
