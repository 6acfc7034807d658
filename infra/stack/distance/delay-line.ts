// One direction of a long way: bytes come out as they went in, later. A stream, so that order, back-pressure and half-close are those of
// streams; the end of what is written travels as long as bytes do.
import { Duplex } from "node:stream";
import type { Clock } from "../clock.ts";

/** What is on its way, bytes; a writer that has sent so much waits. At 100 ms that lets 10 MB/s through. */
export const UNDER_WAY_MAX_BYTES = 1024 * 1024;

export interface DelayLineOptions {
  readonly clock: Clock;
  readonly delayMs: number;
  /** What is written earlier sets out at this time only: before the other end knows of a connection, nothing is sent over it. */
  readonly opensAtMs?: number;
}

interface UnderWay {
  readonly atMs: number;
  /** Null: the end. */
  readonly chunk: Buffer | null;
}

export class DelayLine extends Duplex {
  readonly #options: DelayLineOptions;
  readonly #ending = new AbortController();
  readonly #underWay: UnderWay[] = [];
  #bytes = 0;
  /** Lets the writer go on, which waits since too much is under way. */
  #proceed: (() => void) | undefined;
  /** Whoever reads has room for more. */
  #isWanted = false;
  #isDelivering = false;

  constructor(options: DelayLineOptions) {
    super();
    this.#options = options;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#bytes += chunk.length;
    this.#send(chunk);
    if (this.#bytes < UNDER_WAY_MAX_BYTES) done();
    else this.#proceed = done;
  }

  override _final(done: () => void): void {
    this.#send(null);
    done();
  }

  override _read(): void {
    this.#isWanted = true;
    void this.#deliver();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ending.abort();
    done(error);
  }

  #send(chunk: Buffer | null): void {
    const { clock, delayMs, opensAtMs = 0 } = this.#options;
    this.#underWay.push({ atMs: Math.max(clock.nowMs(), opensAtMs) + delayMs, chunk });
    void this.#deliver();
  }

  async #deliver(): Promise<void> {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    const { clock } = this.#options;
    for (let next = this.#underWay[0]; next && this.#isWanted; next = this.#underWay[0]) {
      const leftMs = next.atMs - clock.nowMs();
      if (leftMs > 0) await clock.sleep(leftMs, this.#ending.signal);
      if (this.destroyed) return;
      if (clock.nowMs() < next.atMs) continue; // timers may be a little early
      this.#underWay.shift();
      this.#isWanted = this.push(next.chunk);
      this.#arrived(next.chunk?.length ?? 0);
    }
    this.#isDelivering = false;
  }

  #arrived(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes >= UNDER_WAY_MAX_BYTES) return;
    const proceed = this.#proceed;
    this.#proceed = undefined;
    proceed?.();
  }
}
