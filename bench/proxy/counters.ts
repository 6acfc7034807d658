// What either helper counts of its traffic, from `begin` on.
import { Samples } from "../common/samples.ts";
import type { Tally } from "./worker-protocol.ts";

export class Counters {
  readonly #samples = new Samples();
  #sent = 0;
  #received = 0;
  #skippedBefore = 0;

  sent(): void {
    this.#sent += 1;
  }

  /** A message arrived, so long after its sending. */
  received(us: number): void {
    this.#received += 1;
    this.#samples.add(us);
  }

  begin(skippedSlots: number): void {
    this.#sent = 0;
    this.#received = 0;
    this.#skippedBefore = skippedSlots;
    this.#samples.clear();
  }

  tally(sockets: number, skippedSlots: number): Tally {
    return {
      sockets,
      sent: this.#sent,
      received: this.#received,
      latency: this.#samples.summary(),
      skippedMs: skippedSlots - this.#skippedBefore,
    };
  }
}
