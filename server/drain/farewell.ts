// The players of a server that leaves, on their way elsewhere: each is offered a move in turn, and again if still there. Says nothing about when
// it has to be over; the departure does.

import type { Clock } from "../clock.ts";
import type { MoveOffer } from "../gateway/move-ticket.ts";
import { REOFFER_MS } from "./deadlines.ts";
import { moveIntervalMs } from "./pace.ts";

/** So often only servers of the generation that stays longest may take a player. Then any may: perhaps no connection reaches those. */
const CHOOSY_OFFERS = 2;

/** A player's session, as far as a farewell is concerned. */
export interface Leaver {
  readonly place: "lobby" | "joining" | "seated" | "closed";
  /** Whether the page knows how to go on over another connection. */
  readonly isMovable: boolean;
  offerMove(offer: MoveOffer): Promise<void>;
  refuse(code: "draining"): void;
}

export class Farewell {
  readonly #clock: Clock;
  readonly #sessions: () => readonly Leaver[];
  readonly #offers = new WeakMap<Leaver, { count: number; atMs: number }>();
  #offered = 0;

  constructor(clock: Clock, sessions: () => readonly Leaver[]) {
    this.#clock = clock;
    this.#sessions = sessions;
  }

  /** Players who were told to go, one way or the other. */
  get offered(): number {
    return this.#offered;
  }

  /** Connections without a seat have nothing to lose: they connect again, elsewhere. */
  dismissLobby(): void {
    for (const session of this.#sessions()) if (session.place === "lobby") session.refuse("draining");
  }

  /** Whether anybody is still here who has a seat or is about to get one. */
  get isOver(): boolean {
    return !this.#sessions().some(({ place }) => place === "seated" || place === "joining");
  }

  /** Sends the next player. Answers how long to wait before the one after, when all have to be asked within `windowMs`. */
  next(offer: MoveOffer, windowMs: number): number {
    const seated = this.#sessions().filter(({ place }) => place === "seated");
    const waiting = seated.filter((session) => !this.#offers.has(session));
    const again = seated.filter((session) => this.#isDueAgain(session));
    const session = waiting[0] ?? again[0];
    if (session) this.#send(session, offer);
    return moveIntervalMs(waiting.length + again.length, windowMs);
  }

  #isDueAgain(session: Leaver): boolean {
    const last = this.#offers.get(session);
    return last !== undefined && this.#clock.now() - last.atMs >= REOFFER_MS;
  }

  #send(session: Leaver, offer: MoveOffer): void {
    const count = (this.#offers.get(session)?.count ?? 0) + 1;
    if (count === 1) this.#offered += 1;
    this.#offers.set(session, { count, atMs: this.#clock.now() });
    // A page of the version before this feature comes back by itself when it is told to go.
    const anywhere = { ...offer, generation: undefined };
    if (session.isMovable) void session.offerMove(count <= CHOOSY_OFFERS ? offer : anywhere);
    else session.refuse("draining");
  }
}
