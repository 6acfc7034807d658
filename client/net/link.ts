// One wire and the seat on it: dialing → joining → seated → closed. Measures the round trip and notices a wire that went dead silently.
// Two links may hold the same seat for a moment; which of them speaks is the Connection's affair.

import type { Hello, JoinRequest, Path, Refusal, Roster, Welcome } from "../../game/protocol/index.ts";
import type { Clock } from "./clock.ts";
import type { Dial, Traffic, Wire } from "./wire.ts";

/** Longest time from the first byte to a seat. */
export const SEAT_TIMEOUT_MS = 8_000;
export const PING_INTERVAL_MS = 1_000;
/** A ping unanswered for this long means that the wire is dead, whatever TCP thinks. */
export const PING_TIMEOUT_MS = 6_000;

type LinkPhase = "dialing" | "joining" | "seated" | "closed";

export interface LinkListener {
  welcome(link: Link, welcome: Welcome): void;
  frame(link: Link, bytes: Uint8Array): void;
  roster(link: Link, roster: Roster): void;
  path(link: Link, path: Path): void;
  roundTrip(rttMs: number): void;
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
  #unansweredSinceMs: number | undefined;
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
        refused: (refusal) => this.#refuse(refusal),
        closed: (reason) => this.#end(reason),
      },
      options.traffic,
    );
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
      if (this.#phase !== "joining") return;
      if (!answer.ok) {
        this.#refuse({ code: answer.code, message: answer.message });
        return;
      }
      this.#phase = "seated";
      this.#cancelTimer();
      this.#options.listener.welcome(this, answer);
      // A first guess that is there before the first snapshot; the server's work is in it.
      this.#options.listener.roundTrip(this.#options.clock.now() - askedAtMs);
      this.#watch();
    });
  }

  #watch(): void {
    if (this.#phase !== "seated") return;
    const { clock, listener } = this.#options;
    const nowMs = clock.now();
    if (this.#unansweredSinceMs === undefined) {
      this.#unansweredSinceMs = nowMs;
      this.#wire.ping(() => {
        this.#unansweredSinceMs = undefined;
        if (this.#phase === "seated") listener.roundTrip(clock.now() - nowMs);
      });
    } else if (nowMs - this.#unansweredSinceMs >= PING_TIMEOUT_MS) {
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
