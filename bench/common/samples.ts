// A bounded list of latencies. Beyond its limit it counts and keeps no more.
import { percentile } from "./statistics.ts";

/** 5 MiB; at the default rate that is half a minute. */
const SAMPLES_MAX = 655_360;

export interface LatencySummary {
  readonly samples: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

export class Samples {
  readonly #values = new Float64Array(SAMPLES_MAX);
  #length = 0;

  add(us: number): void {
    if (this.#length < SAMPLES_MAX) this.#values[this.#length++] = us;
  }

  clear(): void {
    this.#length = 0;
  }

  summary(): LatencySummary {
    const sorted = this.#values.slice(0, this.#length).sort();
    return { samples: this.#length, p50Us: percentile(sorted, 0.5), p99Us: percentile(sorted, 0.99) };
  }
}
