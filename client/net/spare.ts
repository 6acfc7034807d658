// A second link while there is doubt about the first: dialed at once, it asks for no seat before it is taken. If the first one answers, the
// spare one is let go and nothing has happened; if the spare one opens first, the first is as good as dead.

import { backOffMs } from "./back-off.ts";
import type { Clock } from "./clock.ts";
import type { Link } from "./link.ts";

/** A dial that is older than this most likely began without a network: its first packet is lost, and TCP says it again more and more rarely. */
export const DIAL_STALE_MS = 1_000;
/** After this long without an answer it is dialed anew; with each time it is given as much time again. */
export const REDIAL_MS = 2_000;

export interface SpareHost {
  clock: Clock;
  /** 0 … 1, for the jitter of the back-off. */
  random: () => number;
  /** Opens a link that waits for `claim`. */
  dial(): Link;
}

export class Spare {
  readonly #host: SpareHost;
  #link: Link | undefined;
  #dials = 0;
  #cancelTimer = () => {};

  constructor(host: SpareHost) {
    this.#host = host;
  }

  /** There is doubt. */
  begin(): void {
    if (this.#dials === 0) this.#dial();
  }

  /** Another hint: what began without a network begins anew. */
  hurry(): void {
    const ageMs = this.#host.clock.now() - (this.#link?.openedAtMs ?? Number.NEGATIVE_INFINITY);
    if (this.#dials > 0 && ageMs >= DIAL_STALE_MS) this.#dial();
  }

  is(link: Link): boolean {
    return link === this.#link;
  }

  /** The spare link ended before it was taken; as long as there is doubt another one is dialed. */
  ended(): void {
    const { clock, random } = this.#host;
    this.#link = undefined;
    this.#cancelTimer();
    this.#cancelTimer = clock.after(backOffMs(this.#dials, random), () => this.#dial());
  }

  /** Gives the link away, open or on its way. */
  take(): Link | undefined {
    const link = this.#link;
    this.#link = undefined;
    this.close();
    return link;
  }

  /** The doubt is over. */
  close(): void {
    this.#cancelTimer();
    this.#link?.close();
    this.#link = undefined;
    this.#dials = 0;
  }

  #dial(): void {
    this.#cancelTimer();
    this.#link?.close();
    this.#dials += 1;
    this.#link = this.#host.dial();
    this.#cancelTimer = this.#host.clock.after(REDIAL_MS * this.#dials, () => this.#dial());
  }
}
