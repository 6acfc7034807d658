// Which charts there are: title, series, and how a value is written.

import type { MetricKey } from "../state.ts";
import { bytes, count, seconds } from "./format.ts";

export interface ChartSpec {
  readonly title: string;
  /** CloudWatch's names, for those who want to look them up. */
  readonly source: string;
  readonly series: readonly { readonly key: MetricKey; readonly name: string }[];
  readonly write: (value: number) => string;
  /** Filled below its line; for what has one series. */
  readonly filled?: boolean;
  /** Numbers of things. */
  readonly whole?: boolean;
  /** Seconds without a value are common, and nothing is known of them: no line leads over them. */
  readonly gaps?: boolean;
  /** Steps from value to value; for numbers of things. */
  readonly stepped?: boolean;
}

const perSecond = (value: number) => `${count(value)}/s`;

export const chartList: readonly ChartSpec[] = [
  {
    title: "Requests",
    source: "RequestCount",
    series: [{ key: "RequestCount", name: "requests" }],
    write: perSecond,
    whole: true,
    filled: true,
  },
  {
    title: "Response time",
    source: "TargetResponseTime",
    series: [
      { key: "TargetResponseTime.p50", name: "p50" },
      { key: "TargetResponseTime.p99", name: "p99" },
    ],
    write: seconds,
    gaps: true,
  },
  {
    title: "Open connections",
    source: "ActiveConnectionCount",
    series: [{ key: "ActiveConnectionCount", name: "open" }],
    write: count,
    whole: true,
    filled: true,
    stepped: true,
  },
  {
    title: "New connections",
    source: "NewConnectionCount",
    series: [{ key: "NewConnectionCount", name: "new" }],
    write: perSecond,
    whole: true,
    filled: true,
  },
  {
    title: "Targets",
    source: "HealthyHostCount, UnHealthyHostCount",
    series: [
      { key: "HealthyHostCount", name: "healthy" },
      { key: "UnHealthyHostCount", name: "unhealthy" },
    ],
    write: count,
    whole: true,
    stepped: true,
  },
  {
    title: "Errors 4xx",
    source: "HTTPCode_ELB_4XX_Count, HTTPCode_Target_4XX_Count",
    series: [
      { key: "HTTPCode_Target_4XX_Count", name: "targets" },
      { key: "HTTPCode_ELB_4XX_Count", name: "balancer" },
    ],
    write: perSecond,
    whole: true,
  },
  {
    title: "Errors 5xx",
    source: "HTTPCode_ELB_5XX_Count, HTTPCode_Target_5XX_Count",
    series: [
      { key: "HTTPCode_Target_5XX_Count", name: "targets" },
      { key: "HTTPCode_ELB_5XX_Count", name: "balancer" },
    ],
    write: perSecond,
    whole: true,
  },
  {
    title: "Bytes",
    source: "ProcessedBytes",
    series: [{ key: "ProcessedBytes", name: "bytes" }],
    write: (value) => `${bytes(value)}/s`,
    filled: true,
  },
];
