// When somebody should look. Each says in its description what it means; with an address, mail is sent for both ways.
import { Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { feltLimits } from "../../deploy/limits.ts";
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

const rings = (id: string, metric: IMetric, above: number, minutes: number, means: string): AlarmSpec => ({
  ...{ id, metric, above, minutes, means },
});

/** Long enough that a deploy or a target that comes and goes is no alarm. */
const specsOf = (metrics: RegionMetrics): AlarmSpec[] => [
  rings("Gap", metrics.gapMs, feltLimits.gapMaxMs, 3, "Rooms stand still for longer than players forgive, ms"),
  rings("UnhealthyHosts", metrics.unhealthyHosts, 0, 3, "A target fails its health check"),
  rings("Target5xx", metrics.target5xx, 5, 3, "Servers answer with errors"),
  rings("Elb5xx", metrics.elb5xx, 5, 3, "The load balancer has no answer of a server to pass on"),
  rings("RejectedConnections", metrics.rejected, 0, 1, "The load balancer turns people away"),
  rings("RefusedPlayers", metrics.refused, 0, 3, "Servers turn people away for want of room"),
  rings("RedisCpu", metrics.redisCpu, 70, 5, "Redis's one thread is busy, percent"),
  rings("RedisMemory", metrics.redisMemory, 70, 5, "Redis fills up, percent"),
  rings("MissingTasks", metrics.missingTasks, 0, 5, "Fewer tasks run than should"),
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
  // A topic with a policy of its own no longer lets everything of the account publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(topic).account } },
    }),
  );
  return topic;
}
