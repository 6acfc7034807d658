// The state of a target group as the ELBv2 API tells it, by the AWS SDK: the same for the local control API and for AWS.

import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { TARGET_REQUEST_TIMEOUT_MS } from "./deadlines.ts";
import type { TargetGroup, TargetState } from "./target-group.ts";

const DELAY_KEY = "deregistration_delay.timeout_seconds";

/** `endpoint` is the local control API, which takes any credentials; without it AWS's defaults apply. */
export function elbTargetGroup(targetGroupArn: string, endpoint: string | undefined): TargetGroup {
  // arn:aws:elasticloadbalancing:REGION:…
  const region = targetGroupArn.split(":")[3] ?? "";
  const local = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new ElasticLoadBalancingV2Client({
    region,
    // Whoever asks polls, and backs off by itself.
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint, credentials: local }),
  });
  const request = { TargetGroupArn: targetGroupArn };
  // Until the whole answer is there: a client's own request timeout ends with the head of it.
  const inTime = () => ({ abortSignal: AbortSignal.timeout(TARGET_REQUEST_TIMEOUT_MS) });
  return {
    async describe() {
      const answer = await client.send(new DescribeTargetHealthCommand(request), inTime());
      const targets = new Map<string, TargetState>();
      for (const { Target, TargetHealth } of answer.TargetHealthDescriptions ?? []) {
        if (Target?.Id && TargetHealth?.State) targets.set(`${Target.Id}:${Target.Port}`, TargetHealth.State);
      }
      return targets;
    },
    async deregistrationDelayMs() {
      const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand(request), inTime());
      const seconds = Number(Attributes?.find(({ Key }) => Key === DELAY_KEY)?.Value);
      if (!Number.isFinite(seconds)) throw new Error(`the target group has no ${DELAY_KEY}`);
      return seconds * 1000;
    },
  };
}
