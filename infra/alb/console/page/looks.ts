// Which colour stands for which target, and in which order targets are stacked: both kept for as long as a target is known.

/** How many colours the style sheet has (`--series-0` and on); targets beyond share the last. */
export const lookCount = 8;

export class Looks {
  readonly #taken = new Map<string, number>();

  /** Frees the colours of targets that are not among `keys` and gives one to each that has none. */
  follow(keys: Iterable<string>): void {
    const wanted = new Set(keys);
    for (const key of this.#taken.keys()) if (!wanted.has(key)) this.#taken.delete(key);
    for (const key of wanted) {
      if (this.#taken.has(key)) continue;
      const used = new Set(this.#taken.values());
      let look = 0;
      while (look < lookCount - 1 && used.has(look)) look++;
      this.#taken.set(key, look);
    }
  }

  /** Goes up from target to target in the order in which they came. */
  rank(key: string): number {
    return [...this.#taken.keys()].indexOf(key);
  }

  of(key: string): number {
    return this.#taken.get(key) ?? lookCount - 1;
  }
}
