// A player's connection as a session sees it, and the way to connections on every server. In a server both are made of Socket.IO; a
// simulation brings its own.

import type { Move, Path, Refusal, RefusalCode, Release, Roster, RosterChange } from "../../game/protocol/index.ts";
import type { PlayerId, RoomCode } from "../room/room-port.ts";
import type { RosterNews } from "../room/roster-news.ts";
import type { WireFrame } from "./snapshot-writer.ts";

/** What a server says by event. */
export interface ServerEvents {
  roster: Roster;
  "roster-change": RosterChange;
  path: Path;
  move: Move;
  release: Release;
  closing: Refusal;
}

export interface PlayerSocket {
  /** Different for each connection, on every server. */
  readonly id: string;
  /** The X-Amzn-Trace-Id that the load balancer gave to the handshake. */
  readonly traceId: string | undefined;
  /** True when everything written before is on its way: a snapshot would not have to wait. */
  readonly drained: boolean;
  emit<Name extends keyof ServerEvents>(name: Name, value: ServerEvents[Name]): void;
  write(frame: WireFrame): void;
  /** From now on it hears what is delivered to that room and to that player. */
  enter(code: RoomCode, player: PlayerId): void;
  leave(code: RoomCode, player: PlayerId): void;
  /** Says what was emitted before, then hangs up. Its session hears of the end like of any other. */
  close(): void;
}

/** Reaches connections wherever they are. Without Redis it reaches those of this server. */
export interface Delivery {
  roster(code: RoomCode, news: RosterNews): void;
  /** Ends all connections of the player except those with these ids. */
  endAll(player: PlayerId, keep: readonly string[], code: RefusalCode): void;
  /** The same, except those that entered this room. */
  endElsewhere(player: PlayerId, room: RoomCode, keep: readonly string[], code: RefusalCode): void;
  /** Ends one connection, wherever it is. */
  end(connection: string, code: RefusalCode): void;
}
