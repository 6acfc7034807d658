// Whether a wire is dead, whatever TCP thinks. Asks by pings: once a second, and at once when there is reason to doubt: the page slept, or the
// browser knows of another network. A stall alone is none, for a new wire would take the same way. Measures the round trip.

import type { Clock } from "./clock.ts";

export const PING_INTERVAL_MS = 1_000;
/** A ping unanswered for this long means that the wire is dead. */
export const PING_TIMEOUT_MS = 6_000;
/** In doubt an answer has to come within so many round trips, but not sooner or later than these. */
const DOUBT_ROUND_TRIPS = 3;
export const DOUBT_MIN_MS = 300;
export const DOUBT_MAX_MS = 1_000;
/** A timer that comes later than this says that the page was busy or asleep, not that nobody answered. */
const LATE_TIMER_MS = 250;

export interface LivenessHost {
  clock: Clock;
  ping(answered: () => void): void;
  roundTrip(rttMs: number): void;
  dead(): void;
}

export class Liveness {
  readonly #host: LivenessHost;
  #rttMs: number;
  #watchedAtMs: number;
  #askedAtMs: number | undefined;
  /** Since when there is doubt: only what is asked after it and answered ends it. */
  #doubtedAtMs: number | undefined;
  /** A late timer is excused once: a tab that is throttled for ever would never notice. */
  #isExcused = false;
  #cancelWatch = () => {};
  #cancelVerdict = () => {};

  /** Begins to watch. */
  constructor(host: LivenessHost, rttMs: number) {
    this.#host = host;
    this.#rttMs = rttMs;
    this.#watchedAtMs = host.clock.now();
    this.#watch();
  }

  /** There is reason to think that the wire is dead: it has a moment to prove the contrary. */
  doubt(): void {
    if (this.#doubtedAtMs !== undefined) return;
    this.#doubtedAtMs = this.#host.clock.now();
    this.#ask();
    this.#judgeLater();
  }

  close(): void {
    this.#cancelWatch();
    this.#cancelVerdict();
  }

  #watch(): void {
    const { clock, dead } = this.#host;
    const nowMs = clock.now();
    const hasSlept = nowMs - this.#watchedAtMs >= PING_TIMEOUT_MS;
    this.#watchedAtMs = nowMs;
    if (hasSlept && this.#doubtedAtMs === undefined) this.#isExcused = true;
    const isUnanswered = this.#askedAtMs !== undefined && nowMs - this.#askedAtMs >= PING_TIMEOUT_MS;
    if (hasSlept) this.doubt();
    else if (this.#askedAtMs === undefined) this.#ask();
    else if (isUnanswered && this.#doubtedAtMs === undefined) {
      dead();
      return;
    }
    this.#cancelWatch = clock.after(PING_INTERVAL_MS, () => this.#watch());
  }

  #ask(): void {
    const { clock, ping, roundTrip } = this.#host;
    const askedAtMs = clock.now();
    this.#askedAtMs ??= askedAtMs;
    ping(() => {
      this.#askedAtMs = undefined;
      // An answer to an earlier question lay in the socket, perhaps since before the sleep.
      if (this.#doubtedAtMs !== undefined && askedAtMs < this.#doubtedAtMs) return;
      this.#doubtedAtMs = undefined;
      this.#isExcused = false;
      this.#cancelVerdict();
      const rttMs = clock.now() - askedAtMs;
      // Longer than the timeout, the page slept meanwhile: that is no measure of the way.
      if (rttMs >= PING_TIMEOUT_MS) return;
      this.#rttMs = rttMs;
      roundTrip(rttMs);
    });
  }

  #judgeLater(): void {
    const { clock, dead } = this.#host;
    const patienceMs = Math.min(DOUBT_MAX_MS, Math.max(DOUBT_MIN_MS, DOUBT_ROUND_TRIPS * this.#rttMs));
    const dueAtMs = clock.now() + patienceMs;
    this.#cancelVerdict = clock.after(patienceMs, () => {
      if (this.#isExcused || clock.now() - dueAtMs <= LATE_TIMER_MS) {
        dead();
        return;
      }
      this.#isExcused = true;
      this.#doubtedAtMs = undefined;
      this.doubt();
    });
  }
}
