// When somebody should look. Each says in its description what it means; with an address, mail is sent for both ways.
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { Settings } from "../settings.ts";
import type { RegionMetrics } from "./metrics.ts";

interface AlarmSpec {
  readonly id: string;
  readonly metric: IMetric;
  /** It rings above this. */
  readonly above: number;
  readonly minutes: number;
  readonly means: string;
}

const specsOf = (metrics: RegionMetrics): AlarmSpec[] => [
  {
    id: "Gap",
    metric: metrics.gapMs,
    above: 250,
    minutes: 3,
    means: "A server stood still for longer than players forgive",
  },
  {
    id: "UnhealthyHosts",
    metric: metrics.unhealthyHosts,
    above: 0,
    minutes: 3,
    means: "A target fails its health check",
  },
  { id: "Target5xx", metric: metrics.target5xx, above: 5, minutes: 1, means: "Servers answer with errors" },
  {
    id: "Elb5xx",
    metric: metrics.elb5xx,
    above: 5,
    minutes: 1,
    means: "The load balancer has no answer from a server",
  },
  {
    id: "RejectedConnections",
    metric: metrics.rejected,
    above: 0,
    minutes: 1,
    means: "The load balancer turns people away",
  },
  { id: "RedisCpu", metric: metrics.redisCpu, above: 70, minutes: 5, means: "Redis is busy: its one thread, percent" },
  { id: "RedisMemory", metric: metrics.redisMemory, above: 70, minutes: 5, means: "Redis fills up, percent" },
  { id: "MissingTasks", metric: metrics.missingTasks, above: 0, minutes: 5, means: "Fewer tasks run than should" },
];

export function addAlarms(scope: Construct, metrics: RegionMetrics, { alarmMail }: Settings): Alarm[] {
  const topic = alarmMail === undefined ? undefined : addTopic(scope, alarmMail);
  return specsOf(metrics).map(({ id, metric, above, minutes, means }) => {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: minutes,
      alarmDescription: `${means}. See the runbook in docs/aws.md.`,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic === undefined) return alarm;
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  });
}

function addTopic(scope: Construct, mail: string): Topic {
  const topic = new Topic(scope, "Alarms", { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(mail));
  return topic;
}
