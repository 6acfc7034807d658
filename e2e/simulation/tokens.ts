// Who a player is and who may move, without cryptography: signing would leave virtual time, and is tested where it is done.

import type { Clock } from "../../server/clock.ts";
import { type MoveTicket, TICKET_LIFE_MS } from "../../server/gateway/move-ticket.ts";
import type { PlayerId } from "../../server/room/room-port.ts";

const PREFIX = "signed:";

export class SimulatedTokens {
  #players = 0;

  newPlayer(): PlayerId {
    return `player-${String(++this.#players).padStart(12, "0")}` as PlayerId;
  }

  async sign(player: PlayerId): Promise<string> {
    return PREFIX + player;
  }

  async verify(token: string): Promise<PlayerId | undefined> {
    return token.startsWith(PREFIX) ? (token.slice(PREFIX.length) as PlayerId) : undefined;
  }
}

export class SimulatedTickets {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async sign(ticket: MoveTicket): Promise<string> {
    return JSON.stringify({ ...ticket, untilMs: this.#clock.wallNow() + TICKET_LIFE_MS });
  }

  async verify(ticket: string): Promise<MoveTicket | undefined> {
    const { untilMs, ...named } = JSON.parse(ticket) as MoveTicket & { untilMs: number };
    return this.#clock.wallNow() < untilMs ? named : undefined;
  }
}
