// The totals of the meters as a Prometheus page, under CloudWatch's names. Of the sets of dimensions only the finest
// without zones is shown: Prometheus adds up itself.

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Meter, Subject } from "./meter.ts";
import {
  activeWebSockets,
  type MetricDefinition,
  type MetricName,
  metricDefinitions,
  metricNames,
} from "./metric-definitions.ts";

export interface OpenWebSockets {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly open: number;
}

const labelsOf = (name: MetricName): readonly string[] =>
  metricDefinitions[name].scope.startsWith("loadBalancer") ? ["LoadBalancer"] : ["LoadBalancer", "TargetGroup"];

const valuesOf = (name: MetricName, { loadBalancer, targetGroup = "-" }: Subject): Record<string, string> => ({
  LoadBalancer: loadBalancer,
  ...(labelsOf(name).length > 1 && { TargetGroup: targetGroup }),
});

export class Prometheus {
  readonly #registry = new Registry();
  readonly #numbers = new Map<MetricName, Counter | Gauge>();
  readonly #distributions = new Map<MetricName, Histogram>();
  readonly #webSockets: Gauge;
  readonly #refused: Gauge;

  constructor() {
    const registers = [this.#registry];
    for (const name of metricNames) {
      const { kind, meaning: help }: MetricDefinition = metricDefinitions[name];
      const options = { name, help, labelNames: labelsOf(name), registers };
      if (kind === "distribution") {
        const buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
        this.#distributions.set(name, new Histogram({ ...options, buckets }));
      } else this.#numbers.set(name, kind === "counter" ? new Counter(options) : new Gauge(options));
    }
    const labelNames = ["LoadBalancer", "TargetGroup", "Target"];
    this.#webSockets = new Gauge({ ...activeWebSockets, help: activeWebSockets.meaning, labelNames, registers });
    this.#refused = new Gauge({
      name: "RefusedMetricCount",
      help: "Metrics of which no history is kept because there are too many (not a CloudWatch metric)",
      registers,
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observe(name: MetricName, subject: Subject, value: number): void {
    this.#distributions.get(name)?.observe(valuesOf(name, subject), value);
  }

  /** Distributions are kept here, so what was deleted must go here as well. */
  forget(subject: Subject): void {
    for (const [name, distribution] of this.#distributions) distribution.remove(valuesOf(name, subject));
  }

  text(meters: readonly Meter[], webSockets: readonly OpenWebSockets[], refusedMetrics: number): Promise<string> {
    for (const [name, number] of this.#numbers) {
      number.reset();
      for (const meter of meters) {
        const total = meter.total(name);
        if (total !== undefined) number.inc(valuesOf(name, meter.subject), total);
      }
    }
    this.#webSockets.reset();
    for (const { dimensions, open } of webSockets) {
      if (dimensions.Target) this.#webSockets.set(dimensions, open);
    }
    this.#refused.set(refusedMetrics);
    return this.#registry.metrics();
  }
}
