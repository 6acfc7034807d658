// The distribution of many values in few numbers: counts in buckets that grow by a constant factor. Pure.
// A percentile read from it is off by at most `relativeError`. Knows no negative values.

import { limits } from "../limits.ts";

export const relativeError = 0.01;

const growth = (1 + relativeError) / (1 - relativeError);
const logGrowth = Math.log(growth);

export class Sketch {
  /** Values up to growth^key and above growth^(key-1). */
  readonly #buckets = new Map<number, number>();
  #zeros = 0;
  #count = 0;

  get buckets(): number {
    return this.#buckets.size;
  }

  add(value: number, times = 1): void {
    this.#count += times;
    if (value <= 0) this.#zeros += times;
    else this.#addTo(Math.ceil(Math.log(value) / logGrowth), times);
  }

  merge(other: Sketch): void {
    this.#count += other.#count;
    this.#zeros += other.#zeros;
    for (const [key, times] of other.#buckets) this.#addTo(key, times);
  }

  /** The value that `percent` of all values do not exceed; undefined when there is none. */
  percentile(percent: number): number | undefined {
    if (this.#count === 0) return undefined;
    let left = Math.max(1, Math.ceil((percent / 100) * this.#count)) - this.#zeros;
    if (left <= 0) return 0;
    const keys = [...this.#buckets.keys()].sort((a, b) => a - b);
    for (const key of keys) {
      left -= this.#buckets.get(key)!;
      // Fractional counts may leave a rest of rounding.
      if (left <= 1e-9) return middleOf(key);
    }
    return middleOf(keys.at(-1)!);
  }

  #addTo(key: number, times: number): void {
    this.#buckets.set(key, (this.#buckets.get(key) ?? 0) + times);
    if (this.#buckets.size > limits.maxSketchBuckets) this.#joinLowest();
  }

  /** High percentiles are what people ask for, so precision is given up at the low end. */
  #joinLowest(): void {
    const [lowest, next] = [...this.#buckets.keys()].sort((a, b) => a - b) as [number, number];
    this.#buckets.set(next, this.#buckets.get(next)! + this.#buckets.get(lowest)!);
    this.#buckets.delete(lowest);
  }
}

/** Within `relativeError` of every value of the bucket. */
const middleOf = (key: number) => (2 * growth ** key) / (1 + growth);
