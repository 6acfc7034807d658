// What every metric was, second by second for some minutes and minute by minute for some hours. Metrics are found by
// namespace, name and dimensions, as in CloudWatch. Keeps numbers only: who measures, and how it is asked for, is told elsewhere.

import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { Sketch } from "./sketch.ts";
import { addValue, emptySummary, type Statistic, type Summary, statisticOf } from "./summary.ts";
import { TimeSlots } from "./time-slots.ts";

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  /** Name to value, such as `LoadBalancer` to `app/game/0123`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface SeriesOptions {
  /** CloudWatch's word, such as `Count` or `Seconds`. */
  readonly unit: string;
  /** `samples` of a period add up. Of a `level` the last sample stands for its second and its minute. */
  readonly kind: "samples" | "level";
  /** Keep enough for percentiles. */
  readonly percentiles?: boolean;
}

export interface MetricQuery {
  readonly metric: MetricId;
  readonly statistic: Statistic;
  /** Below 60 only what is kept second by second is seen. */
  readonly periodSeconds: number;
  /** Inclusive; rounded down to a whole minute, or to a whole period below one minute. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

export interface DataPoint {
  /** Begin of the period. */
  readonly atMs: number;
  readonly value: number;
}

/** One metric, to be written to: costs a few additions, reads no clock. */
export interface Series {
  readonly unit: string;
  add(value: number): void;
}

interface Kept extends SeriesOptions {
  readonly metric: MetricId;
  readonly series: Series;
  /** What came since it was last filed under its second. */
  pending: Summary;
  readonly seconds: TimeSlots;
  readonly minutes: TimeSlots;
  lastMs: number;
  /** Forgotten for want of values; whoever still writes to it brings it back. */
  forgotten: boolean;
}

/** One string for each metric, whatever the order of its dimensions. */
export const metricKey = ({ namespace, name, dimensions }: MetricId): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

export class MetricHistory {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  #refused = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Metrics that were not taken in because there were too many. */
  get refused(): number {
    return this.#refused;
  }

  /** The series of a metric, made when it is new. Beyond the limit what is added goes nowhere and is counted as refused. */
  series(metric: MetricId, options: SeriesOptions): Series {
    return this.#take(metric, options)?.series ?? { unit: options.unit, add: () => {} };
  }

  /** Takes in what was measured elsewhere, to the second when `bySecond`. False when there are too many metrics. */
  put(metric: MetricId, options: SeriesOptions, atMs: number, measured: Summary, bySecond: boolean): boolean {
    const kept = this.#take(metric, options);
    if (kept) this.#file(kept, atMs, measured, bySecond);
    return kept !== undefined;
  }

  /** Files what was added under the present second, and forgets metrics that are over. To be called every second. */
  flush(): void {
    const nowMs = this.#clock.nowMs();
    for (const [key, kept] of this.#kept) {
      this.#fileAdded(kept, nowMs);
      if (nowMs - kept.lastMs <= limits.keptMetricMinutes * 60_000) continue;
      this.#kept.delete(key);
      kept.forgotten = true;
    }
  }

  /** Metrics that have data, in no order, and when each last got some. */
  list(): readonly { readonly metric: MetricId; readonly lastMs: number }[] {
    this.flush();
    return [...this.#kept.values()].filter(({ minutes }) => !minutes.empty);
  }

  /** Undefined when the metric is not known. */
  unit(metric: MetricId): string | undefined {
    return this.#kept.get(metricKey(metric))?.unit;
  }

  /** In order of time; periods without data are left out. */
  read({ statistic, ...query }: MetricQuery): readonly DataPoint[] {
    return this.readSummaries(query).flatMap(({ atMs, summary }) => {
      const value = statisticOf(summary, statistic);
      return value === undefined ? [] : [{ atMs, value }];
    });
  }

  /** As `read`, for all statistics at once. */
  readSummaries({ metric, periodSeconds, fromMs, toMs }: Omit<MetricQuery, "statistic">) {
    const kept = this.#kept.get(metricKey(metric));
    if (!kept) return [];
    this.#fileAdded(kept, this.#clock.nowMs());
    const slots = periodSeconds % 60 === 0 ? kept.minutes : kept.seconds;
    const periodMs = periodSeconds * 1_000;
    const wholeMs = Math.max(slots.slotMs, Math.min(periodMs, 60_000));
    const startMs = Math.floor(fromMs / wholeMs) * wholeMs;
    // The level of ten seconds is that of the last; of ten minutes CloudWatch has ten samples.
    const how = kept.kind === "level" && slots === kept.seconds ? "replace" : "add";
    const periods = new TimeSlots(periodMs, Number.POSITIVE_INFINITY);
    for (const { atMs, summary } of slots.between(startMs, toMs)) periods.file(atMs - startMs, summary, how);
    return periods.between(0, Number.POSITIVE_INFINITY).map(({ atMs, summary }) => ({ atMs: atMs + startMs, summary }));
  }

  #take(metric: MetricId, options: SeriesOptions): Kept | undefined {
    const key = metricKey(metric);
    const known = this.#kept.get(key);
    if (known) return known;
    if (this.#kept.size >= limits.maxMetrics) {
      this.#refused++;
      return undefined;
    }
    const kept: Kept = {
      ...{ ...options, metric, lastMs: this.#clock.nowMs(), pending: noValues(options), forgotten: false },
      seconds: new TimeSlots(1_000, limits.keptMetricSeconds),
      minutes: new TimeSlots(60_000, limits.keptMetricMinutes),
      series: {
        unit: options.unit,
        add: (value) => {
          if (kept.forgotten) this.#remember(key, kept);
          if (options.kind === "level") kept.pending = noValues(options);
          addValue(kept.pending, value);
        },
      },
    };
    this.#kept.set(key, kept);
    return kept;
  }

  #remember(key: string, kept: Kept): void {
    if (this.#kept.size >= limits.maxMetrics || this.#kept.has(key)) return;
    this.#kept.set(key, kept);
    kept.forgotten = false;
  }

  #fileAdded(kept: Kept, nowMs: number): void {
    if (kept.pending.count === 0) return;
    this.#file(kept, nowMs, kept.pending, true);
    kept.pending = noValues(kept);
  }

  #file(kept: Kept, atMs: number, measured: Summary, bySecond: boolean): void {
    const how = kept.kind === "level" ? "replace" : "add";
    kept.lastMs = Math.max(kept.lastMs, atMs);
    kept.minutes.file(atMs, measured, how);
    if (bySecond) kept.seconds.file(atMs, measured, how);
  }
}

const noValues = ({ percentiles }: SeriesOptions) => emptySummary(percentiles ? new Sketch() : undefined);
