// Everything that client and server say to each other. The two hot messages travel as one binary frame each, the rest as
// small JSON events of Socket.IO.
//
//   client                                          server
//     | -- CONNECT auth: Hello ----------------------> |   refused: connect_error with data: Refusal
//     | -- "join" JoinRequest, ack JoinAnswer -------> |   Welcome or Refusal
//     | <- "snapshot" frames (binary), 30 a second --- |
//     | -- "input" frames (binary), when changed ----> |   labelled with the tick they are for
//     | <- "roster" Roster, "path" Path -------------- |   on change
//     | <- "roster-change" RosterChange -------------- |   instead of a roster, in arenas
//     | -- "ping" n, ack n ---------------------------> |   round trip to the gateway, a few a second at most
//     | -- "keyframe" ------------------------------> |   after a gap
//     | -- "leave" ---------------------------------> |   gives the seat up at once
//     | <- "move" Move ------------------------------- |   the server is leaving: dial a second socket, join with the ticket,
//     |                                                |   hear both, switch, close this one (protocol 2)
//     | <- "release" Release -------------------------- |   the version that all servers have come to (protocol 2)
//     | <- "closing" Refusal, then disconnect -------- |

import type { BoatState, Controls, GameEvent, View } from "../sim/world.ts";
import type { Refusal } from "./errors.ts";

/** Sent in the Socket.IO handshake. */
export interface Hello {
  protocol: number;
  /** Version of the page's build, for logs. */
  build: string;
  /** From an earlier Welcome: who this player is. */
  token?: string;
  /** The page understands area frames: it may be seated in an arena. */
  areas?: true;
}

export interface JoinRequest {
  name: string;
  /** A room to join; without it, quick play. */
  room?: string;
  /** Quick play in an arena instead of a basin. */
  waters?: "arena";
  /** For load: a room on another server than this gateway if there is one ("remote"), or on this one ("local"). */
  prefer?: "remote" | "local";
  /** The numbers of this connection's pings are the bytes of all snapshots that it has had so far. */
  confirms?: true;
  /** From a Move: this connection takes the seat over from the one that was sent the ticket, which is not cut off for it. */
  ticket?: string;
}

export type JoinAnswer = ({ ok: true } & Welcome) | ({ ok: false } & Refusal);

export interface Welcome {
  room: string;
  /** The room is an arena: its frames are area frames, its roster comes as changes. */
  waters?: "arena";
  /** Index of the player's seat and boat. */
  seat: number;
  player: string;
  /** Proof of who the player is; keep it for reconnecting. */
  token: string;
  tickRate: number;
  /** True when the player found the boat that was left behind. */
  resumed: boolean;
  /** Input messages that this seat has had so far: the next input's `number` is one more. */
  inputsReceived: number;
  roster: Roster;
  path: Path;
}

/** An offer to go on over another connection. A later one replaces it. Both times count from receipt. */
export interface Move {
  /** Signed, for this seat and this connection, single use, short-lived. */
  ticket: string;
  /** Dial no earlier. */
  notBeforeMs: number;
  /** Be gone by then: this connection is closed then. */
  deadlineMs: number;
}

/**
 * The version that all servers which stay are of; while they are of several, nothing is said. A page of another build is out of date: it
 * may offer its player to reload it, between two lives.
 */
export interface Release {
  version: string;
  /** The newest protocol that this version speaks. */
  protocol: number;
}

/** Who sits where. `version` grows with each change; snapshots' keyframes carry it, so a lost roster is noticed. */
export interface Roster {
  version: number;
  seats: RosterSeat[];
}

export interface RosterSeat {
  seat: number;
  name: string;
  bot: boolean;
  away: boolean;
}

/** What changed in a roster; for arenas, where a whole one would be said to hundreds at each change. */
export interface RosterChange {
  /** The roster's version before and after. To another one than `from` the change does not apply. */
  from: number;
  version: number;
  /** Seats that are taken or whose entries changed. */
  seats: RosterSeat[];
  /** Indices of seats that are free now. */
  gone: number[];
}

/** Where a player's messages go: you → ALB → gateway → owner. */
export interface Path {
  gateway: ServerLabel;
  owner: ServerLabel;
  epoch: number;
  /** The X-Amzn-Trace-Id that the load balancer gave to the handshake. */
  traceId?: string;
}

export interface ServerLabel {
  id: string;
  version: string;
}

/** One input message. */
export interface InputFrame {
  /** 1, 2, 3 … in this seat; what is received twice is dropped by it. */
  number: number;
  /** The room's tick that these controls are for. The client runs ahead of the server so that they arrive in time. */
  tick: number;
  controls: Controls;
}

/** How a seat's inputs arrive; comes with snapshots, each seat in its turn. */
export interface SeatReport {
  seat: number;
  /** Highest `number` taken from the queue so far. */
  number: number;
  /** Inputs applied to the boat so far: equal to `number` unless one was lost or doubled. */
  applied: number;
  /** Smallest (label - next tick) at arrival since the last report, ticks: how early the latest-coming input was; negative is late. */
  marginTicks: number;
}

/** A boat of an arena as those know it who are not near: roughly, and told in turn, about once a second. */
export interface Sighting {
  seat: number;
  /** The middle of the patch that it is in, units. */
  x: number;
  y: number;
  score: number;
  afloat: boolean;
}

/** What a decoded snapshot says. */
export interface Snapshot {
  /** Raised by each new owner of the room. */
  epoch: number;
  /** The view this one is a difference to; equal to `view.tick` for a keyframe. */
  baseTick: number;
  rosterVersion: number;
  view: View;
  events: GameEvent[];
  reports: SeatReport[];
}

export type { BoatState, Controls, GameEvent, View };

export interface HallOfFameEntry {
  name: string;
  score: number;
  /** ISO 8601. */
  at: string;
}
