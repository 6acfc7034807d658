// Chance from a seed: the same on every machine and in every run. Streams of different names do not disturb each other, so that leaving
// out one step of a scenario changes nothing else.

const GOLDEN = 0x9e3779b9;

export class Random {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = scramble(seed >>> 0);
    this.#state = this.#seed;
  }

  /** A stream of its own for `name`, whatever has been drawn from this one. */
  fork(name: string): Random {
    let hash = this.#seed;
    for (let at = 0; at < name.length; at++) hash = scramble(hash ^ (name.charCodeAt(at) + GOLDEN));
    return new Random(hash);
  }

  /** 0 … less than 1. */
  readonly unit = (): number => {
    this.#state = (this.#state + GOLDEN) >>> 0;
    return scramble(this.#state) / 2 ** 32;
  };

  /** low … less than high. */
  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  /** A whole number, low … high, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(share: number): boolean {
    return this.unit() < share;
  }

  /** The list must not be empty. */
  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.unit() * items.length)]!;
  }
}

function scramble(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
