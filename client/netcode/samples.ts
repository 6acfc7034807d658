// The last few measurements of something, and what they say.

export class Samples {
  readonly #limit: number;
  #values: number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Oldest first. */
  get values(): readonly number[] {
    return this.#values;
  }

  get last(): number | undefined {
    return this.#values.at(-1);
  }

  add(value: number): void {
    if (this.#values.length >= this.#limit) this.#values.shift();
    this.#values.push(value);
  }

  clear(): void {
    this.#values = [];
  }

  quantile(share: number): number {
    return quantile(this.#values, share);
  }
}

/** The value below which `share` (0 … 1) of the values lie; 0 if there are none. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
