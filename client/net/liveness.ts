// Whether a wire is dead, whatever TCP thinks. Counts looks and not milliseconds, for a page that is busy or asleep looks rarely: time alone
// says nothing of the wire. Who doubts decides nothing yet: a spare wire that opens first does (spare.ts). Measures the round trip.
//
//   trusted --hint, sleep--> asked --grace over--> doubted --answer--> trusted
//      └────── SILENT_LOOKS without a message ───────▲ └── DEAD_LOOKS without an answer ──▶ dead

import type { Clock } from "./clock.ts";

export const LOOK_INTERVAL_MS = 250;
/** A ping is sent this often, if the one before was answered; after two silent looks as well. */
const PING_LOOKS = 4;
const UNEASY_LOOKS = 2;
/** Snapshots come thirty times a second: so many looks in a row without any message give reason to doubt. */
export const SILENT_LOOKS = 4;
/** A ping unanswered for so many looks means that the wire is dead, even if no other one can be had. */
export const DEAD_LOOKS = 24;
/** Neither a message nor a timer for this long: the page slept. */
const SLEPT_MS = 3_000;
/** After a hint an answer has so many round trips before there is doubt, but not less or more than these. */
const GRACE_ROUND_TRIPS = 1.5;
export const GRACE_MIN_MS = 50;
export const GRACE_MAX_MS = 200;

export interface LivenessHost {
  clock: Clock;
  ping(answered: () => void): void;
  roundTrip(rttMs: number): void;
  /** There is reason to think that the wire is dead. */
  doubted(): void;
  /** It was not. */
  trusted(): void;
  dead(): void;
}

export class Liveness {
  readonly #host: LivenessHost;
  #rttMs: number;
  /** When the page last did anything here. */
  #stirredAtMs: number;
  #isHeard = true;
  #silentLooks = 0;
  /** Grows with each false alarm: this way is one that stalls. */
  #silentLooksMax = SILENT_LOOKS;
  #looksSincePing = PING_LOOKS;
  #isUnanswered = false;
  /** Since when there is doubt, or a question that may lead to it: only what is asked since then and answered ends it. */
  #askedInDoubtAtMs: number | undefined;
  #isDoubted = false;
  #cancelLook = () => {};
  #cancelGrace = () => {};

  /** Begins to watch. */
  constructor(host: LivenessHost, rttMs: number) {
    this.#host = host;
    this.#rttMs = rttMs;
    this.#stirredAtMs = host.clock.now();
    this.#look();
  }

  /** There is doubt, or has been reason to ask. */
  get isQuestioned(): boolean {
    return this.#askedInDoubtAtMs !== undefined;
  }

  /** A message came. It may have lain in the socket while the page slept. */
  heard(): void {
    this.#stirred();
    this.#isHeard = true;
  }

  /** Something happened that may have killed the wire: it has a moment to prove the contrary. */
  hint(): void {
    if (this.#askedInDoubtAtMs !== undefined) return;
    const graceMs = Math.min(GRACE_MAX_MS, Math.max(GRACE_MIN_MS, GRACE_ROUND_TRIPS * this.#rttMs));
    this.#askInDoubt();
    this.#cancelGrace = this.#host.clock.after(graceMs, () => this.#doubt());
  }

  close(): void {
    this.#cancelLook();
    this.#cancelGrace();
  }

  #look(): void {
    this.#cancelLook = this.#host.clock.after(LOOK_INTERVAL_MS, () => this.#look());
    this.#stirred();
    this.#silentLooks = this.#isHeard ? 0 : this.#silentLooks + 1;
    this.#isHeard = false;
    this.#looksSincePing += 1;
    if (this.#isUnanswered && this.#looksSincePing >= DEAD_LOOKS) {
      this.close();
      this.#host.dead();
      return;
    }
    const isTime = this.#looksSincePing >= PING_LOOKS || this.#silentLooks === UNEASY_LOOKS;
    if (isTime && !this.#isUnanswered) this.#ask();
    if (this.#silentLooks >= this.#patienceLooks && this.#askedInDoubtAtMs === undefined) {
      this.#silentLooksMax *= 2;
      this.#askInDoubt();
      this.#doubt();
    }
  }

  /** On a long way an answer takes its time. */
  get #patienceLooks(): number {
    return Math.max(this.#silentLooksMax, Math.ceil((2 * this.#rttMs) / LOOK_INTERVAL_MS));
  }

  #stirred(): void {
    const nowMs = this.#host.clock.now();
    const hasSlept = nowMs - this.#stirredAtMs >= SLEPT_MS;
    this.#stirredAtMs = nowMs;
    if (hasSlept) this.hint();
  }

  #askInDoubt(): void {
    this.#askedInDoubtAtMs = this.#host.clock.now();
    this.#ask();
  }

  #doubt(): void {
    this.#cancelGrace();
    this.#isDoubted = true;
    this.#host.doubted();
  }

  #ask(): void {
    const { clock, ping } = this.#host;
    const askedAtMs = clock.now();
    if (!this.#isUnanswered) this.#looksSincePing = 0;
    this.#isUnanswered = true;
    ping(() => this.#answered(askedAtMs));
  }

  #answered(askedAtMs: number): void {
    const { clock, roundTrip, trusted } = this.#host;
    this.heard();
    this.#isUnanswered = false;
    // An answer to an earlier question lay in the socket, perhaps since before the sleep.
    if (this.#askedInDoubtAtMs !== undefined && askedAtMs < this.#askedInDoubtAtMs) return;
    const wasDoubted = this.#isDoubted;
    this.#askedInDoubtAtMs = undefined;
    this.#isDoubted = false;
    this.#cancelGrace();
    this.#rttMs = clock.now() - askedAtMs;
    roundTrip(this.#rttMs);
    if (wasDoubted) trusted();
  }
}
