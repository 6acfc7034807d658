// One wire and the seat on it: dialing → (open, until it is claimed →) joining → seated → closed.
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
type LinkPhase = "dialing" | "open" | "joining" | "seated" | "closed";

export interface LinkListener {
  /** The server accepted the handshake of a link that waits for `claim`. */
  opened(link: Link): void;
  /** `tookMs` is from the question to the answer; the server's work is in it. */
  welcome(link: Link, welcome: Welcome, tookMs: number): void;
  frame(link: Link, bytes: Uint8Array): void;
  roster(link: Link, roster: Roster): void;
  path(link: Link, path: Path): void;
  move(link: Link, move: Move): void;
  release(release: Release): void;
  roundTrip(link: Link, rttMs: number): void;
  /** There is reason to think that the link is dead … */
  doubted(link: Link): void;
  /** … but it is not. */
  trusted(link: Link): void;
  /**
   * The link is over. `refusal` when the server gave a reason; `wasSeated` tells a lost game from a failed attempt, `wasQuestioned` one that was
   * lost by this page's own way (it slept, its network changed) from one that others may have lost with it.
   */
  closed(link: Link, ending: { wasSeated: boolean; wasQuestioned: boolean; reason: string; refusal?: Refusal }): void;
}

export interface LinkOptions {
  dial: Dial;
  clock: Clock;
  hello: Hello;
  request: JoinRequest;
  traffic: Traffic;
  listener: LinkListener;
  /** Asks for no seat before `claim`. Default: asks at once. */
  waits?: boolean;
}

export class Link {
  #phase: LinkPhase = "dialing";
  #refusal: Refusal | undefined;
  /** The newest that is known as a whole. */
  #roster: Roster | undefined;
  #cancelTimer: () => void;
  #liveness: Liveness | undefined;
  #waits: boolean;
  readonly #wire: Wire;
  readonly #options: LinkOptions;
  readonly openedAtMs: number;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#waits = options.waits ?? false;
    this.openedAtMs = options.clock.now();
    this.#cancelTimer = options.clock.after(SEAT_TIMEOUT_MS, () => this.#end("no seat in time"));
    this.#wire = options.dial(
      options.hello,
      {
        open: () => this.#open(),
        frame: (bytes) => {
          this.#liveness?.heard();
          this.#audience?.frame(this, bytes);
        },
        roster: (roster) => this.#seatsAre(roster),
        rosterChange: (change) => this.#seatsChange(change),
        path: (path) => this.#audience?.path(this, path),
        move: (move) => this.#audience?.move(this, move),
        release: (release) => this.#audience?.release(release),
        refused: (refusal) => this.#refuse(refusal),
        closed: (reason) => {
          this.#liveness?.heard();
          this.#end(reason);
        },
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

  /** Something happened that may have killed the wire. */
  hint(): void {
    this.#liveness?.hint();
  }

  /** Asks for the seat now, or as soon as the handshake is done. */
  claim(): void {
    this.#waits = false;
    if (this.#phase === "open") this.#join();
  }

  /** Ends the wire without telling the listener. */
  close(): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    this.#cancelTimer();
    this.#liveness?.close();
    this.#wire.close();
  }

  #open(): void {
    if (this.#phase !== "dialing") return;
    this.#phase = "open";
    if (this.#waits) this.#options.listener.opened(this);
    else this.#join();
  }

  #join(): void {
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
        doubted: () => listener.doubted(this),
        trusted: () => listener.trusted(this),
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
    const wasQuestioned = this.#liveness?.isQuestioned ?? false;
    this.close();
    this.#options.listener.closed(this, {
      wasSeated,
      wasQuestioned,
      reason,
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
    });
  }
}
