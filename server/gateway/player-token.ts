// Who a player is, across sockets and servers: a signed token that the client keeps. Carries no secret and never expires; losing it
// loses the boat and nothing else.

import { jwtVerify, SignJWT } from "jose";
import type { PlayerId } from "../room/room-port.ts";

const ISSUER = "tidegate";
const PLAYER_ID = /^[A-Za-z0-9_-]{16,32}$/;
/** Longer ones are not even looked at, characters. */
const TOKEN_MAX_CHARACTERS = 512;

export class PlayerTokens {
  readonly #key: Uint8Array;

  constructor(secret: string) {
    this.#key = new TextEncoder().encode(secret);
  }

  sign(player: PlayerId): Promise<string> {
    return new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setIssuer(ISSUER).setSubject(player).sign(this.#key);
  }

  /** The player that a token speaks for, or `undefined` if this cluster did not sign it. */
  async verify(token: string): Promise<PlayerId | undefined> {
    if (token.length > TOKEN_MAX_CHARACTERS) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.#key, { algorithms: ["HS256"], issuer: ISSUER });
      // What was signed for something special, as a ticket for a move is, says nothing about who brings it.
      if (payload.aud !== undefined) return undefined;
      return PLAYER_ID.test(payload.sub ?? "") ? (payload.sub as PlayerId) : undefined;
    } catch {
      // Forged, truncated or of another cluster: all the same to the one who sent it.
      return undefined;
    }
  }
}
