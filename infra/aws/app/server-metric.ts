// The metrics that game servers write into their logs, as CloudWatch knows them.
import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { topology } from "../../stack/topology.ts";

const { namespace, dimensions } = topology.serverMetrics;

export const serverMetric = ({ name, statistic }: { readonly name: string; readonly statistic: string }): Metric =>
  new Metric({
    ...{ namespace, metricName: name, statistic },
    dimensionsMap: { ...dimensions },
    period: Duration.seconds(topology.delays.aws.metricsPeriodSeconds),
  });
