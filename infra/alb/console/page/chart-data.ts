// The charts' values as the page keeps them: each answer of the load balancer brings the seconds since the one before.
// Pure.

import { limits } from "../../limits.ts";
import { type ChartsView, type MetricKey, metricKeys, type TargetSeries, type Values } from "../state.ts";

/** As many as the load balancer keeps. */
export const keptSeconds = limits.keptMetricSeconds;

export const noCharts: ChartsView = {
  firstSecond: 0,
  seconds: 0,
  metrics: Object.fromEntries(metricKeys.map((key) => [key, []])) as unknown as Record<MetricKey, Values>,
  webSockets: [],
};

export const lastSecond = ({ firstSecond, seconds }: ChartsView) => firstSecond + seconds - 1;

/** `news` behind `known`. Starts anew when they do not fit together. */
export function appended(known: ChartsView, news: ChartsView): ChartsView {
  if (known.seconds === 0 || news.firstSecond !== lastSecond(known) + 1) return news;
  const seconds = Math.min(keptSeconds, known.seconds + news.seconds);
  const dropped = known.seconds + news.seconds - seconds;
  const joined = (a: Values, b: Values): Values => [...a, ...b].slice(dropped);
  return {
    firstSecond: known.firstSecond + dropped,
    seconds,
    metrics: Object.fromEntries(
      metricKeys.map((key) => [key, joined(known.metrics[key], news.metrics[key])]),
    ) as Record<MetricKey, Values>,
    webSockets: joinedSeries(known, news, joined),
  };
}

/** A target that is missing on one side held nothing in that time. */
function joinedSeries(known: ChartsView, news: ChartsView, joined: (a: Values, b: Values) => Values): TargetSeries[] {
  const nothing = (length: number): Values => new Array(length).fill(0);
  const before = new Map(known.webSockets.map((each) => [each.key, each]));
  const after = new Map(news.webSockets.map((each) => [each.key, each]));
  return [...new Map([...before, ...after]).values()]
    .map((series) => ({
      ...series,
      values: joined(
        before.get(series.key)?.values ?? nothing(known.seconds),
        after.get(series.key)?.values ?? nothing(news.seconds),
      ),
    }))
    .filter((series) => series.values.some((value) => (value ?? 0) > 0));
}
