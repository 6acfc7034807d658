// More and fewer servers by the players on each, as `npm start -- --autoscale` does it. Whom ECS takes out empties itself first.
import { Duration } from "aws-cdk-lib";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { topology } from "../../stack/topology.ts";
import type { Settings } from "../settings.ts";
import { serverMetric } from "./server-metric.ts";

const policy = topology.autoscaling.aws;

export function addScaling(service: FargateService, { minServers }: Settings): void {
  const count = service.autoScaleTaskCount({ minCapacity: minServers, maxCapacity: policy.maxServers });
  count.scaleToTrackCustomMetric("Players", {
    metric: serverMetric(topology.serverMetrics.players),
    targetValue: policy.targetValue,
    scaleOutCooldown: Duration.seconds(policy.scaleOutCooldownSeconds),
    scaleInCooldown: Duration.seconds(policy.scaleInCooldownSeconds),
  });
}
