// The load balancer by the ELBv2 API: the same calls for the local one and for AWS.
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetState } from "../stack/elb.ts";
import type { Balancer } from "./balancer.ts";
import { FULL_WEIGHT } from "./limits.ts";
import { getsTraffic, splitTraffic } from "./listener-weights.ts";
import { findGroupBeside, groupBeside } from "./second-group.ts";
import { addressText, type TargetStates } from "./target-story.ts";

/** Listeners are those of the load balancer that has `listenerArn`. */
export function elbBalancer(client: ElasticLoadBalancingV2Client, listenerArn: string): Balancer {
  return {
    targetStates: (arns) => targetStates(client, arns),
    groupBeside: (servingArn) => groupBeside(client, servingArn),
    settle: async (servingArn) => {
      const other = await findGroupBeside(client, servingArn);
      if (other === undefined || !(await getsTraffic(client, listenerArn, other))) return;
      await splitTraffic(client, listenerArn, [
        { targetGroupArn: servingArn, weight: FULL_WEIGHT },
        { targetGroupArn: other, weight: 0 },
      ]);
    },
    forward: (groups) => splitTraffic(client, listenerArn, groups),
  };
}

export async function targetStates(
  client: Pick<ElasticLoadBalancingV2Client, "send">,
  arns: readonly string[],
): Promise<TargetStates> {
  return new Map((await Promise.all(arns.map((arn) => statesOf(client, arn)))).flat());
}

async function statesOf(
  client: Pick<ElasticLoadBalancingV2Client, "send">,
  arn: string,
): Promise<[string, TargetState][]> {
  const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
  return (answer.TargetHealthDescriptions ?? []).flatMap(({ Target, TargetHealth }) =>
    Target?.Id === undefined || Target.Port === undefined || TargetHealth?.State === undefined
      ? []
      : [[addressText({ host: Target.Id, port: Target.Port }), TargetHealth.State]],
  );
}
