// One wire and the seat on it: dialing → joining → seated → closed. Measures the round trip and notices a wire that went dead silently.
// Two links may hold the same seat for a moment; which of them speaks is the Connection's affair.

import type {
  Hello,
  JoinAnswer,
  JoinRequest,
  Move,
  Path,
  Refusal,
  Release,
  Roster,
  Welcome,
} from "../../game/protocol/index.ts";
import { REFUSALS } from "../../game/protocol/index.ts";
import type { Clock } from "./clock.ts";
import type { Dial, Traffic, Wire } from "./wire.ts";

/** Longest time from the first byte to a seat. */
export const SEAT_TIMEOUT_MS = 8_000;
export const PING_INTERVAL_MS = 1_000;
/** A ping unanswered for this long means that the wire is dead, whatever TCP thinks. */
export const PING_TIMEOUT_MS = 6_000;
/** After a sleep (a phone in a pocket) the wire is most likely dead, and somebody is looking: this long is enough for an answer then. */
export const WAKE_PATIENCE_MS = 2_000;

type LinkPhase = "dialing" | "joining" | "seated" | "closed";

export interface LinkListener {
  /** `tookMs` is from the question to the answer; the server's work is in it. */
  welcome(link: Link, welcome: Welcome, tookMs: number): void;
  frame(link: Link, bytes: Uint8Array): void;
  roster(link: Link, roster: Roster): void;
  path(link: Link, path: Path): void;
  move(link: Link, move: Move): void;
  release(release: Release): void;
  roundTrip(link: Link, rttMs: number): void;
  /** The link is over. `refusal` when the server gave a reason; `wasSeated` tells a lost game from a failed attempt. */
  closed(link: Link, ending: { wasSeated: boolean; reason: string; refusal?: Refusal }): void;
}

export interface LinkOptions {
  dial: Dial;
  clock: Clock;
  hello: Hello;
  request: JoinRequest;
  traffic: Traffic;
  listener: LinkListener;
}

export class Link {
  #phase: LinkPhase = "dialing";
  #refusal: Refusal | undefined;
  #cancelTimer: () => void;
  /** When the wire counts as dead unless a ping is answered before. */
  #deadAtMs: number | undefined;
  /** The ping that waits was sent after a sleep: another sleep does not excuse it again, or a throttled tab would never notice. */
  #askedOnWaking = false;
  #watchedAtMs = Number.POSITIVE_INFINITY;
  readonly #wire: Wire;
  readonly #options: LinkOptions;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { listener } = options;
    this.#cancelTimer = options.clock.after(SEAT_TIMEOUT_MS, () => this.#end("no seat in time"));
    this.#wire = options.dial(
      options.hello,
      {
        open: () => this.#join(),
        frame: (bytes) => this.#phase === "seated" && listener.frame(this, bytes),
        roster: (roster) => this.#phase === "seated" && listener.roster(this, roster),
        path: (path) => this.#phase === "seated" && listener.path(this, path),
        move: (move) => this.#phase === "seated" && listener.move(this, move),
        release: (release) => this.#phase === "seated" && listener.release(release),
        refused: (refusal) => this.#refuse(refusal),
        closed: (reason) => this.#end(reason),
      },
      options.traffic,
    );
  }

  get isSeated(): boolean {
    return this.#phase === "seated";
  }

  input(frame: Uint8Array): void {
    if (this.#phase === "seated") this.#wire.input(frame);
  }

  askKeyframe(): void {
    if (this.#phase === "seated") this.#wire.askKeyframe();
  }

  leave(): void {
    if (this.#phase === "seated") this.#wire.leave();
  }

  /** Ends the wire without telling the listener. */
  close(): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    this.#cancelTimer();
    this.#wire.close();
  }

  #join(): void {
    if (this.#phase !== "dialing") return;
    this.#phase = "joining";
    const askedAtMs = this.#options.clock.now();
    this.#wire.join(this.#options.request, (answer) => {
      if (this.#phase === "joining") this.#answered(answer, this.#options.clock.now() - askedAtMs);
    });
  }

  #answered(answer: JoinAnswer, tookMs: number): void {
    if (answer.ok) {
      this.#phase = "seated";
      this.#cancelTimer();
      this.#options.listener.welcome(this, answer, tookMs);
      this.#watch();
    } else if (Object.hasOwn(REFUSALS, answer.code)) {
      this.#refuse({ code: answer.code, message: answer.message });
    } else {
      // A newer server's reason, whose meaning is not known here.
      this.#end("unknown refusal");
    }
  }

  #watch(): void {
    if (this.#phase !== "seated") return;
    const { clock, listener } = this.#options;
    const nowMs = clock.now();
    const hasSlept = nowMs - this.#watchedAtMs >= PING_TIMEOUT_MS;
    this.#watchedAtMs = nowMs;
    if (this.#deadAtMs === undefined || (hasSlept && !this.#askedOnWaking)) {
      this.#askedOnWaking = hasSlept;
      this.#deadAtMs = nowMs + (hasSlept ? WAKE_PATIENCE_MS : PING_TIMEOUT_MS);
      this.#wire.ping(() => {
        this.#deadAtMs = undefined;
        const rttMs = clock.now() - nowMs;
        // Longer than the timeout, the page slept meanwhile: that is no measure of the way.
        if (this.#phase === "seated" && rttMs < PING_TIMEOUT_MS) listener.roundTrip(this, rttMs);
      });
    } else if (nowMs >= this.#deadAtMs) {
      this.#end("ping timeout");
      return;
    }
    this.#cancelTimer = clock.after(PING_INTERVAL_MS, () => this.#watch());
  }

  #refuse(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#end(refusal.code);
  }

  #end(reason: string): void {
    if (this.#phase === "closed") return;
    const wasSeated = this.#phase === "seated";
    this.close();
    this.#options.listener.closed(this, {
      wasSeated,
      reason,
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
    });
  }
}
