// The writing side of the metrics: who is measured (load balancer, target group) and by which name. Each amount goes into
// the history, under all its sets of dimensions, and into the totals that the Prometheus page shows.

import { type MetricDefinition, type MetricName, metricDefinitions, namespace, scopes } from "./metric-definitions.ts";
import type { MetricHistory, Series } from "./metric-history.ts";

export interface Subject {
  /** `app/name/id`. */
  readonly loadBalancer: string;
  /** `targetgroup/name/id`; undefined for what concerns no group. */
  readonly targetGroup: string | undefined;
  /** Availability zone; undefined for numbers that cannot be told by zone. */
  readonly zone: string | undefined;
  /** The numbers are of this zone alone, and its sum with the others is told elsewhere. */
  readonly zoneOnly?: boolean;
}

interface Instrument {
  readonly series: readonly Series[];
  total: number;
}

export interface MeterDependencies {
  readonly history: MetricHistory;
  /** Hears each value of a distribution. */
  readonly onObserved: (name: MetricName, subject: Subject, value: number) => void;
}

/** All instruments of one subject, made when first used. */
export class Meter {
  readonly subject: Subject;
  readonly #deps: MeterDependencies;
  readonly #instruments = new Map<MetricName, Instrument>();

  constructor(subject: Subject, deps: MeterDependencies) {
    this.subject = subject;
    this.#deps = deps;
  }

  /** Counts an amount, observes a value, or samples a level: as the metric's definition has it. */
  add(name: MetricName, value = 1): void {
    const instrument = this.#instruments.get(name) ?? this.#make(name);
    const { kind } = metricDefinitions[name];
    if (kind === "counter") instrument.total += value;
    else if (kind === "distribution") this.#deps.onObserved(name, this.subject, value);
    else instrument.total = value;
    for (const each of instrument.series) each.add(value);
  }

  /** Samples a level or gauge; one that is and was zero is not reported. */
  sample(name: MetricName, value: number): void {
    if (value !== 0 || this.total(name)) this.add(name, value);
  }

  /** Sum of a counter, last sample of a level or gauge; undefined when there was none. */
  total(name: MetricName): number | undefined {
    return this.#instruments.get(name)?.total;
  }

  #make(name: MetricName): Instrument {
    const definition: MetricDefinition = metricDefinitions[name];
    const options = {
      unit: definition.unit,
      kind: definition.kind === "level" ? ("level" as const) : ("samples" as const),
      percentiles: definition.kind === "distribution",
    };
    const series = dimensionsOf(definition.scope, this.subject).map((dimensions) =>
      this.#deps.history.series({ namespace, name, dimensions }, options),
    );
    const instrument = { series, total: 0 };
    this.#instruments.set(name, instrument);
    return instrument;
  }
}

function dimensionsOf(scope: MetricDefinition["scope"], subject: Subject): Record<string, string>[] {
  const { loadBalancer: LoadBalancer, targetGroup: TargetGroup, zone: AvailabilityZone, zoneOnly = false } = subject;
  return scopes[scope].flatMap((set) => {
    const [byBalancer, byZone, byGroup] = ["LB", "AZ", "TG"].map((each) => set.split("+").includes(each));
    if ((byGroup && !TargetGroup) || (byZone && !AvailabilityZone) || (zoneOnly && !byZone)) return [];
    return [
      {
        ...(byBalancer && { LoadBalancer }),
        ...(byZone && { AvailabilityZone: AvailabilityZone! }),
        ...(byGroup && { TargetGroup: TargetGroup! }),
      },
    ];
  });
}
