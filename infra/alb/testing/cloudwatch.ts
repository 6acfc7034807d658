// The CloudWatch API without a server, and calls for it about one metric.

import { CloudWatchApi } from "../telemetry/cloudwatch/api.ts";
import type { HttpCall } from "../telemetry/cloudwatch/protocol.ts";
import { MetricHistory } from "../telemetry/metric-history.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const startMs = 1_800_000_000_000;
export const atS = startMs / 1_000;

/** The API alone, on a clock that stands still. */
export function newApi() {
  const clock = new VirtualClock(startMs + 30_000);
  const history = new MetricHistory(clock);
  const api = new CloudWatchApi({ history, nowMs: () => clock.nowMs() }, () => "id");
  const post = (call: Partial<HttpCall>) => api.answer({ path: "/", headers: {}, body: Buffer.alloc(0), ...call })!;
  const json = (operation: string, input: unknown) => {
    const headers = { "x-amz-target": `GraniteServiceVersion20100801.${operation}` };
    const answer = post({ headers, body: Buffer.from(JSON.stringify(input)) });
    return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body.toString()) };
  };
  const put = (...data: object[]) => json("PutMetricData", { Namespace: "Game", MetricData: data });
  return { api, clock, history, post, json, put };
}

export const players = { MetricName: "Players", Dimensions: [{ Name: "Server", Value: "s1" }] };
const range = { StartTime: atS, EndTime: atS + 60 };
export const statistics = { Namespace: "Game", ...players, ...range, Period: 60, Statistics: ["Sum"] };
export const stat = (more: object = {}) => ({
  Metric: { Namespace: "Game", ...players },
  Period: 60,
  Stat: "Sum",
  ...more,
});
export const query = (Id: string, more: object = {}) => ({ Id, MetricStat: stat(), ...more });
export const data = (...MetricDataQueries: object[]) => ({ ...range, MetricDataQueries });
export const refusalOf = ({ status, headers, body }: ReturnType<ReturnType<typeof newApi>["json"]>) => ({
  status,
  code: headers["x-amzn-query-error"]?.split(";")[0],
  message: body.message,
});
