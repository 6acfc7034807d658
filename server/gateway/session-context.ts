// What a session is given: what all of a gateway share, and who is at its other end.

import type { RefusalCode, Release, ServerLabel } from "../../game/protocol/index.ts";
import type { PlayerId, ServerId } from "../room/room-port.ts";
import type { FanoutMetrics } from "./fanout.ts";
import type { Fanouts } from "./fanouts.ts";
import type { SeatTakingContext } from "./seat-taking.ts";
import type { MoveMetrics } from "./session-moves.ts";

export interface SessionMetrics extends FanoutMetrics, MoveMetrics {
  messageIn(bytes: number): void;
  refused(code: RefusalCode): void;
  /** A player's connection broke. */
  lost(): void;
}

/** What all sessions of a gateway share. */
export interface SessionContext extends SeatTakingContext {
  self: ServerLabel & { id: ServerId };
  fanouts: Fanouts;
  /** What all servers have come to, while it is known. */
  release(): Release | undefined;
  metrics: SessionMetrics;
}

/** Who is at the other end. */
export interface Admission {
  player: PlayerId;
  token: string;
  /** Version of the protocol that the page speaks. */
  protocol: number;
  /** It understands area frames. */
  areas: boolean;
}
