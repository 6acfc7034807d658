// Finds connections on which no byte has moved for their idle timeout. It samples byte counters in a slow rhythm, so the
// path of the bytes pays nothing; a cut comes at most one sweep late.

import type { Clock, Timer } from "../clock.ts";
import { limits } from "../limits.ts";

export interface Watchable {
  /** Any number that changes whenever a byte is received or sent. */
  bytesMoved(): number;
  timeoutMs(): number;
  /** No byte has moved for the timeout. The watch goes on until the entry is removed. */
  onIdle(): void;
  /** Called in every sweep, for limits that bytes do not put off. */
  onSweep?(nowMs: number): void;
}

interface Entry {
  bytes: number;
  sinceMs: number;
}

export class IdleWatch {
  readonly #clock: Clock;
  readonly #entries = new Map<Watchable, Entry>();
  #timer: Timer;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timer = clock.after(limits.idleSweepMs, () => this.#sweep());
  }

  /** Returns how to end the watch. */
  add(watchable: Watchable): () => void {
    this.#entries.set(watchable, { bytes: watchable.bytesMoved(), sinceMs: this.#clock.nowMs() });
    return () => this.#entries.delete(watchable);
  }

  close(): void {
    this.#timer.cancel();
    this.#entries.clear();
  }

  #sweep(): void {
    const nowMs = this.#clock.nowMs();
    for (const [watchable, entry] of this.#entries) {
      watchable.onSweep?.(nowMs);
      const bytes = watchable.bytesMoved();
      if (bytes !== entry.bytes) {
        entry.bytes = bytes;
        entry.sinceMs = nowMs;
      } else if (nowMs - entry.sinceMs >= watchable.timeoutMs()) {
        entry.sinceMs = nowMs;
        watchable.onIdle();
      }
    }
    this.#timer = this.#clock.after(limits.idleSweepMs, () => this.#sweep());
  }
}
