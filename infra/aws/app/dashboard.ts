// A region on one page: who plays, what carries it, what goes wrong.
import { Duration } from "aws-cdk-lib";
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { RegionMetrics } from "./metrics.ts";

const COLUMN = 8;

export function addDashboard(scope: Construct, name: string, metrics: RegionMetrics, alarms: readonly Alarm[]): void {
  const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: COLUMN });
  new Dashboard(scope, "Dashboard", {
    dashboardName: name,
    defaultInterval: Duration.hours(3),
    widgets: [
      [new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: COLUMN * 3, height: 3 })],
      [
        graph("Players", metrics.players, metrics.playersPerServer),
        graph("Servers", metrics.runningTasks, metrics.healthyHosts, metrics.unhealthyHosts),
        graph("Longest gap between two ticks, ms", metrics.gapMs),
      ],
      [
        graph("Connections", metrics.connections, metrics.rejected, metrics.refused, metrics.lost),
        graph("Errors", metrics.target5xx, metrics.elb5xx),
        graph("Redis, percent", metrics.redisCpu, metrics.redisMemory),
      ],
    ],
  });
}
