// The right to take a seat over from one connection by another: signed, short-lived, for one player, room and connection. That it is used
// once only is up to the room, which knows who speaks for a seat.

import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import { TICKET_MAX_UNITS } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { PlayerId, RoomCode } from "../room/room-port.ts";

/** A ticket is good for this long; who is still there then is offered another one. */
export const TICKET_LIFE_MS = 30_000;
/** How far the clocks of two servers may be apart. */
const CLOCKS_APART_SECONDS = 5;

const ISSUER = "tidegate";
const AUDIENCE = "move";
const ALGORITHM = "HS256";

export interface MoveTicket {
  player: PlayerId;
  room: RoomCode;
  /** The connection that the ticket was sent to, and that is replaced. */
  connection: string;
  /** Only servers of this generation take the player: another one may be next to go. Absent when it is not known. */
  generation?: number | undefined;
}

/** What a player is offered. */
export interface MoveOffer {
  /** Be gone by then, from now. */
  deadlineMs: number;
  /** See MoveTicket. */
  generation: number | undefined;
}

export class MoveTickets {
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  constructor(secret: string, clock: Clock) {
    this.#key = new TextEncoder().encode(secret);
    this.#clock = clock;
  }

  sign({ player, ...claims }: MoveTicket): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(player)
      .setExpirationTime(new Date(this.#clock.wallNow() + TICKET_LIFE_MS))
      .sign(this.#key);
  }

  /** What the ticket is for, or `undefined` if this cluster did not sign it, or too long ago. */
  async verify(ticket: string): Promise<MoveTicket | undefined> {
    if (ticket.length > TICKET_MAX_UNITS) return undefined;
    try {
      const { payload } = await jwtVerify(ticket, this.#key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        currentDate: new Date(this.#clock.wallNow()),
        clockTolerance: CLOCKS_APART_SECONDS,
        requiredClaims: ["sub", "exp", "room", "connection"],
      });
      const { sub, room, connection, generation } = payload as JWTPayload & Omit<MoveTicket, "player">;
      return { player: sub as PlayerId, room, connection, generation };
    } catch {
      // Forged, truncated, expired: all the same to the one who sent it.
      return undefined;
    }
  }
}
