// Measures all regions side by side, again and again while somebody looks: several round trips over a warm connection each, the best of which
// counts. Nobody waits for it; what is known so far is told at once.

import type { Clock } from "../net/clock.ts";
import type { Reach } from "./choice.ts";
import { type Ping, PingFailure } from "./ping.ts";
import type { Region } from "./region-list.ts";

/** Round trips of the first round and of later ones, besides the one that warms the connection up. */
const FIRST_PINGS = 4;
const LATER_PINGS = 2;
export const ROUND_EVERY_MS = 10_000;
/** One that did not answer is asked again sooner: somebody may be waiting for it. */
export const RETRY_MS = 2_000;
/** After so many rounds the page is one that was left open … */
export const EAGER_ROUNDS = 30;
/** … and regions are looked at so often only. */
export const LEFT_OPEN_EVERY_MS = 60_000;

export interface ScoutOptions {
  ping: Ping;
  clock: Clock;
  found: (id: string, reach: Reach) => void;
}

export class Scout {
  readonly #options: ScoutOptions;
  #ending: AbortController | undefined;

  constructor(options: ScoutOptions) {
    this.#options = options;
  }

  /** Begins anew. */
  start(regions: readonly Region[]): void {
    this.stop();
    this.#ending = new AbortController();
    for (const region of regions) this.#rounds(region, this.#ending.signal, 1);
  }

  stop(): void {
    this.#ending?.abort();
    this.#ending = undefined;
  }

  #rounds(region: Region, signal: AbortSignal, round: number): void {
    void this.#measure(region, signal, round === 1 ? FIRST_PINGS : LATER_PINGS).then((answered) => {
      if (signal.aborted) return;
      const eagerMs = answered ? ROUND_EVERY_MS : RETRY_MS;
      const cancel = this.#options.clock.after(round < EAGER_ROUNDS ? eagerMs : LEFT_OPEN_EVERY_MS, () => {
        signal.removeEventListener("abort", cancel);
        this.#rounds(region, signal, round + 1);
      });
      signal.addEventListener("abort", cancel, { once: true });
    });
  }

  /** Whether it answered. */
  async #measure({ id, url }: Region, signal: AbortSignal, pings: number): Promise<boolean> {
    const { ping, found } = this.#options;
    let best: number | undefined;
    const tell = (reach: Reach) => signal.aborted || found(id, reach);
    try {
      await ping(url, signal);
      for (let count = 0; count < pings && !signal.aborted; count++) {
        const rttMs = await ping(url, signal);
        if (best !== undefined && rttMs >= best) continue;
        best = rttMs;
        tell({ rttMs });
      }
    } catch (error) {
      if (!(error instanceof PingFailure)) throw error;
      // One that answered a moment ago is asked again in the next round.
      if (best === undefined) tell({ failed: error.message });
    }
    return best !== undefined;
  }
}
