// Sends for many sockets at a fixed rate each, not synchronised: every item gets a place in the period by chance and its
// turn comes once a period. Knows no clock: it is told the time, and catches up with what it has missed.

const SLOT_MS = 1;

export class Wheel<T> {
  readonly #slots: Set<T>[];
  readonly #slotMs: number;
  readonly #catchUpSlots: number;
  readonly #random: () => number;
  readonly #places = new Map<T, Set<T>>();
  #turn: number | undefined;
  #skippedSlots = 0;

  constructor(periodMs: number, random: () => number) {
    const count = Math.max(1, Math.round(periodMs / SLOT_MS));
    this.#slots = Array.from({ length: count }, () => new Set<T>());
    this.#slotMs = periodMs / count;
    this.#catchUpSlots = count;
    this.#random = random;
  }

  /** Slots whose turn was more than a period ago, and that were therefore left out. */
  get skippedSlots(): number {
    return this.#skippedSlots;
  }

  add(item: T): void {
    const slot = this.#slots[Math.floor(this.#random() * this.#slots.length)]!;
    slot.add(item);
    this.#places.set(item, slot);
  }

  remove(item: T): void {
    this.#places.get(item)?.delete(item);
    this.#places.delete(item);
  }

  /** Calls `act` for each item whose turn has come since the last call. */
  advance(nowMs: number, act: (item: T) => void): void {
    const now = Math.floor(nowMs / this.#slotMs);
    let turn = this.#turn ?? now;
    if (now - turn > this.#catchUpSlots) {
      this.#skippedSlots += now - turn - this.#catchUpSlots;
      turn = now - this.#catchUpSlots;
    }
    for (; turn < now; turn++) for (const item of this.#slots[turn % this.#slots.length]!) act(item);
    this.#turn = now;
  }
}
