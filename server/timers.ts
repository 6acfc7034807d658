// Actions that wait for their time, as a binary heap: the next one is at hand, however many wait. Knows no clock.

export interface Timer {
  readonly atMs: number;
  /** Of two with the same time the one that was made first runs first. */
  readonly order: number;
  /** Absent once it is cancelled; it then leaves the heap when its time comes. */
  action: (() => void) | undefined;
}

export class Timers {
  readonly #heap: Timer[] = [];
  #made = 0;

  add(atMs: number, action: () => void): Timer {
    const timer = { atMs, order: this.#made++, action };
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return timer;
  }

  /** The first that is not cancelled. */
  get next(): Timer | undefined {
    while (this.#heap.length > 0 && !this.#heap[0]!.action) this.take();
    return this.#heap[0];
  }

  /** Removes the first one. */
  take(): Timer | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last && last !== first) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, heap[at]!)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    const heap = this.#heap;
    for (let at = from; ; ) {
      let least = 2 * at + 1;
      if (least >= heap.length) return;
      if (least + 1 < heap.length && isBefore(heap[least + 1]!, heap[least]!)) least += 1;
      if (isBefore(heap[at]!, heap[least]!)) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
