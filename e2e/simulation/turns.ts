// Lets promises run on, many times in one turn of the event loop: a turn costs more than most of what happens in a simulation.

/** How many macrotasks are asked for together. Between two of them Node runs every promise, and tells of rejections that nobody awaits. */
const TOGETHER = 64;

export class Turns {
  #waiting: (() => void) | undefined;
  #asked = 0;

  /** Done when everything has run that can run without a timer or the network. One may wait at a time. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      if (this.#asked > 0) return;
      this.#asked = TOGETHER;
      for (let at = 0; at < TOGETHER; at++) setImmediate(this.#next);
    });
  }

  readonly #next = (): void => {
    this.#asked--;
    const goOn = this.#waiting;
    this.#waiting = undefined;
    goOn?.();
  };
}
