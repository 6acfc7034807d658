// One wire and the seat on it: dialing → joining → seated → closed.
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
  RosterChange,
  Welcome,
} from "../../game/protocol/index.ts";
import { changedRoster, REFUSALS } from "../../game/protocol/index.ts";
import type { Clock } from "./clock.ts";
import { Liveness } from "./liveness.ts";
import type { Dial, Traffic, Wire } from "./wire.ts";

/** Longest time from the first byte to a seat. */
export const SEAT_TIMEOUT_MS = 8_000;
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
  /** The newest that is known as a whole. */
  #roster: Roster | undefined;
  #cancelTimer: () => void;
  #liveness: Liveness | undefined;
  readonly #wire: Wire;
  readonly #options: LinkOptions;
  readonly openedAtMs: number;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.openedAtMs = options.clock.now();
    this.#cancelTimer = options.clock.after(SEAT_TIMEOUT_MS, () => this.#end("no seat in time"));
    this.#wire = options.dial(
      options.hello,
      {
        open: () => this.#join(),
        frame: (bytes) => this.#audience?.frame(this, bytes),
        roster: (roster) => this.#seatsAre(roster),
        rosterChange: (change) => this.#seatsChange(change),
        path: (path) => this.#audience?.path(this, path),
        move: (move) => this.#audience?.move(this, move),
        release: (release) => this.#audience?.release(release),
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

  /** Something happened that may have killed the wire: it is dead unless it answers in a moment. */
  doubt(): void {
    this.#liveness?.doubt();
  }

  /** Ends the wire without telling the listener. */
  close(): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    this.#cancelTimer();
    this.#liveness?.close();
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
      this.#roster = answer.roster;
      this.#cancelTimer();
      this.#options.listener.welcome(this, answer, tookMs);
      this.#watch(tookMs);
    } else if (Object.hasOwn(REFUSALS, answer.code)) {
      this.#refuse({ code: answer.code, message: answer.message });
    } else {
      // A newer server's reason, whose meaning is not known here.
      this.#end("unknown refusal");
    }
  }

  #seatsAre(roster: Roster): void {
    this.#roster = roster;
    this.#audience?.roster(this, roster);
  }

  /** One that does not fit what is known is passed over: who misses a roster notices by the snapshots, and asks for all of it. */
  #seatsChange(change: RosterChange): void {
    const roster = this.#roster && changedRoster(this.#roster, change);
    if (roster) this.#seatsAre(roster);
  }

  /** Whom to tell, while there is a seat. */
  get #audience(): LinkListener | undefined {
    return this.#phase === "seated" ? this.#options.listener : undefined;
  }

  #watch(rttMs: number): void {
    if (this.#phase !== "seated") return;
    const { clock, listener } = this.#options;
    this.#liveness = new Liveness(
      {
        clock,
        ping: (answered) => this.#wire.ping(() => this.#phase === "seated" && answered()),
        roundTrip: (measuredMs) => listener.roundTrip(this, measuredMs),
        dead: () => this.#end("no answer"),
      },
      rttMs,
    );
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
