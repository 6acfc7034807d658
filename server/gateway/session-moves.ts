// What a session has to do with moves: it offers its player another connection, or is the other connection itself. For a while both are open.

import type { MoveOffer, MoveTicket } from "./move-ticket.ts";
import type { ServerEvents } from "./player-socket.ts";
import { OVERLAP_MAX_MS, type SeatTakingContext } from "./seat-taking.ts";

/** From this version of the protocol on a page knows what to do with a Move. */
export const MOVES_SINCE_PROTOCOL = 2;

export interface MoveMetrics {
  /** A player was offered another connection. */
  moveOffered(): void;
  /** A player left after such an offer. */
  movedOut(): void;
  /** A player came here by a ticket. */
  movedIn(): void;
}

export interface SessionMovesContext extends SeatTakingContext {
  metrics: MoveMetrics;
}

export class SessionMoves {
  readonly #context: SessionMovesContext;
  #arrivedAtMs = Number.NEGATIVE_INFINITY;
  #offered = false;
  /** The latest offer can still be taken. */
  #isOpen = false;
  /** The connection that this one replaced by a ticket and that may still be open. */
  #replaced: string | undefined;
  #stopOverlap: () => void = () => {};
  #stopReturn: () => void = () => {};

  constructor(context: SessionMovesContext) {
    this.#context = context;
  }

  /** Milliseconds since the player came here by a move; infinite for those who came by themselves. */
  get movedAgoMs(): number {
    return this.#context.clock.now() - this.#arrivedAtMs;
  }

  /** The player may be on the way to another connection. */
  get isOffered(): boolean {
    return this.#isOpen;
  }

  /** The player came here by a ticket. The page closes the connection before this one; after a while it is closed in any case. */
  arrived(replaced: string): void {
    const { clock, delivery, metrics } = this.#context;
    metrics.movedIn();
    this.#arrivedAtMs = clock.now();
    this.#replaced = replaced;
    this.#stopOverlap = clock.after(OVERLAP_MAX_MS, () => {
      this.#replaced = undefined;
      delivery.end(replaced, "superseded");
    });
  }

  /** The message that offers a move. */
  async prepare(
    from: Omit<MoveTicket, "generation">,
    { deadlineMs, generation }: MoveOffer,
  ): Promise<ServerEvents["move"]> {
    const ticket = await this.#context.tickets.sign({ ...from, generation });
    return { ticket, notBeforeMs: 0, deadlineMs };
  }

  /**
   * The offer was sent. If the player is still here when it can no longer be taken, the other connection came to nothing; but it may have had
   * the seat for a moment, so this one has to claim it again.
   */
  offered({ deadlineMs }: MoveOffer, claimAgain: () => void): void {
    const { clock, metrics } = this.#context;
    if (!this.#offered) metrics.moveOffered();
    this.#offered = true;
    this.#isOpen = true;
    this.#stopReturn();
    this.#stopReturn = clock.after(deadlineMs + OVERLAP_MAX_MS, () => {
      this.#isOpen = false;
      claimAgain();
    });
  }

  /** The connection is gone. `superseded`: some other connection has taken the player over. */
  ended({ superseded, byItself }: { superseded: boolean; byItself: boolean }): void {
    const { delivery, metrics } = this.#context;
    this.#stopOverlap();
    this.#stopReturn();
    // While the connection before it is still open: that one has to go as well.
    if (this.#replaced !== undefined && superseded) delivery.end(this.#replaced, "superseded");
    if (this.#offered && byItself) metrics.movedOut();
  }
}
