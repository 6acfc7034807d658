// A number over time that is told only when it changes, read as one value for each second of the last while.

interface Step {
  readonly second: number;
  value: number;
}

export class StepSeries {
  readonly #keepSeconds: number;
  #steps: Step[] = [];

  constructor(keepSeconds: number) {
    this.#keepSeconds = keepSeconds;
  }

  get current(): number {
    return this.#steps.at(-1)?.value ?? 0;
  }

  add(nowMs: number, change: number): void {
    const second = Math.floor(nowMs / 1000);
    const value = this.current + change;
    const last = this.#steps.at(-1);
    if (last?.second === second) last.value = value;
    else this.#steps.push({ second, value });
    // Cut down now and then, not at each step: the list is at most twice as long as it has to be.
    if (this.#steps.length > 2 * this.#keepSeconds) this.#steps = this.#steps.slice(-this.#keepSeconds);
  }

  /** The value at the end of each second; 0 before the first change. */
  values(firstSecond: number, seconds: number): number[] {
    const values: number[] = [];
    let next = 0;
    let value = 0;
    for (let second = firstSecond; second < firstSecond + seconds; second++) {
      for (; next < this.#steps.length && this.#steps[next]!.second <= second; next++) value = this.#steps[next]!.value;
      values.push(value);
    }
    return values;
  }

  /** Whether it has been 0 for as long as anybody may ask about. */
  quietSince(nowMs: number): boolean {
    const last = this.#steps.at(-1);
    return last === undefined || (last.value === 0 && last.second < Math.floor(nowMs / 1000) - this.#keepSeconds);
  }
}
