// What is watched of a region: the same metrics for the alarms and for the dashboard. A minute each.
import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { HttpCodeElb, HttpCodeTarget } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { topology } from "../../stack/topology.ts";
import type { GameService } from "./game-service.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { Redis } from "./redis.ts";
import { serverMetric } from "./server-metric.ts";

export interface RegionMetrics {
  readonly playersPerServer: IMetric;
  readonly players: IMetric;
  /** The longest time between two ticks of a room: what everybody in it felt. */
  readonly gapMs: IMetric;
  /** Players whom servers turned away for want of room. */
  readonly refused: IMetric;
  readonly lost: IMetric;
  readonly healthyHosts: IMetric;
  readonly unhealthyHosts: IMetric;
  readonly connections: IMetric;
  readonly rejected: IMetric;
  readonly target5xx: IMetric;
  readonly elb5xx: IMetric;
  /** The busiest node's one thread, percent. */
  readonly redisCpu: IMetric;
  /** The fullest node's, percent. */
  readonly redisMemory: IMetric;
  readonly runningTasks: IMetric;
  /** How many fewer run than should: during a deploy it is more that run. */
  readonly missingTasks: IMetric;
}

const period = Duration.minutes(1);
const { players, tickGap, refused, lost } = topology.serverMetrics;

export function metricsOf(game: GameService, { balancer, blue, green }: LoadBalancer, redis: Redis): RegionMetrics {
  const insight = (metricName: string, label: string): Metric =>
    new Metric({
      ...{ namespace: "ECS/ContainerInsights", metricName, label, statistic: Stats.AVERAGE, period },
      dimensionsMap: { ClusterName: game.cluster.clusterName, ServiceName: game.service.serviceName },
    });
  const runningTasks = insight("RunningTaskCount", "running");
  const bothGroups = (label: string, read: (group: typeof blue) => IMetric): IMetric =>
    new MathExpression({
      expression: `FILL(${label}Blue,0)+FILL(${label}Green,0)`,
      usingMetrics: { [`${label}Blue`]: read(blue), [`${label}Green`]: read(green) },
      ...{ label, period },
    });
  return {
    playersPerServer: serverMetric(players).with({ label: "on a server" }),
    players: serverMetric(players).with({ label: "players", statistic: Stats.SUM }),
    gapMs: serverMetric(tickGap).with({ label: "longest gap, ms" }),
    refused: serverMetric(refused).with({ label: "turned away" }),
    lost: serverMetric(lost).with({ label: "broken" }),
    healthyHosts: bothGroups("healthy", (group) =>
      group.metrics.healthyHostCount({ period, statistic: Stats.MINIMUM }),
    ),
    unhealthyHosts: bothGroups("unhealthy", (group) =>
      group.metrics.unhealthyHostCount({ period, statistic: Stats.MAXIMUM }),
    ),
    connections: balancer.metrics.activeConnectionCount({ period, label: "connections" }),
    rejected: balancer.metrics.rejectedConnectionCount({ period, label: "rejected" }),
    target5xx: balancer.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period, label: "servers' 5xx" }),
    elb5xx: balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { period, label: "load balancer's 5xx" }),
    redisCpu: worstNode(redis, "EngineCPUUtilization", "cpu"),
    redisMemory: worstNode(redis, "DatabaseMemoryUsagePercentage", "memory"),
    runningTasks,
    missingTasks: new MathExpression({
      expression: "desired-running",
      usingMetrics: { desired: insight("DesiredTaskCount", "desired"), running: runningTasks },
      label: "missing",
      period,
    }),
  };
}

/** A node's metrics have its own name: there is none of the whole group. */
function worstNode({ nodes }: Redis, metricName: string, label: string): IMetric {
  const ofNode = (CacheClusterId: string): Metric =>
    new Metric({
      ...{ namespace: "AWS/ElastiCache", metricName, statistic: Stats.MAXIMUM, period },
      dimensionsMap: { CacheClusterId },
    });
  const usingMetrics = Object.fromEntries(nodes.map((node, at) => [`${label}${at + 1}`, ofNode(node)]));
  return new MathExpression({
    expression: `MAX([${Object.keys(usingMetrics).join(",")}])`,
    usingMetrics,
    label,
    period,
  });
}
