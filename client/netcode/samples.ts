// The last few measurements of something, and what they say.

/** Samples after which a slow quantile is computed anew. */
const REFRESH_SAMPLES = 8;

export class Samples {
  readonly #limit: number;
  #values: number[] = [];
  #slow: { share: number; value: number; age: number } | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Oldest first. */
  get values(): readonly number[] {
    return this.#values;
  }

  add(value: number): void {
    if (this.#values.length >= this.#limit) this.#values.shift();
    this.#values.push(value);
    if (this.#slow) this.#slow.age += 1;
  }

  clear(): void {
    this.#values = [];
    this.#slow = undefined;
  }

  quantile(share: number): number {
    return quantile(this.#values, share);
  }

  /** The same, up to REFRESH_SAMPLES old once there are many: sorting for every snapshot is what costs. */
  slowQuantile(share: number): number {
    const known = this.#slow;
    const isFresh = known && known.share === share && known.age < REFRESH_SAMPLES;
    if (isFresh && this.#values.length > REFRESH_SAMPLES) return known.value;
    const value = this.quantile(share);
    this.#slow = { share, value, age: 0 };
    return value;
  }
}

/** The value below which `share` (0 … 1) of the values lie; 0 if there are none. */
export function quantile(values: readonly number[], share: number): number {
  return quantiles(values, [share])[0]!;
}

/** The same for several shares: many values are sorted once, in less time than a frame. */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  const sorted = new Float64Array(values).sort();
  return shares.map((share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}
