// More and fewer servers by the players on each, as `npm start -- --autoscale` does it. Whom ECS takes out empties itself first.
import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { topology } from "../../stack/topology.ts";
import type { Settings } from "../settings.ts";

const { metric, aws: policy } = topology.autoscaling;

/** What the servers' logs say; `name` is one of the metrics of server/emf.ts. */
export const gameMetric = (name: string, statistic: string): Metric =>
  new Metric({
    ...{ namespace: metric.namespace, metricName: name, statistic },
    dimensionsMap: { ...metric.dimensions },
    period: Duration.seconds(policy.periodSeconds),
  });

export function addScaling(service: FargateService, { servers }: Settings): void {
  const count = service.autoScaleTaskCount({
    minCapacity: Math.min(policy.minServers, servers),
    maxCapacity: policy.maxServers,
  });
  count.scaleToTrackCustomMetric("Players", {
    metric: gameMetric(metric.name, "Average"),
    targetValue: policy.targetValue,
    scaleOutCooldown: Duration.seconds(policy.scaleOutCooldownSeconds),
    scaleInCooldown: Duration.seconds(policy.scaleInCooldownSeconds),
  });
}
