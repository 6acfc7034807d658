// One socket as the rest of the client sees it. `connect.ts` makes them from Socket.IO, tests from a simulated network.

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
} from "../../game/protocol/index.ts";

export interface WireEvents {
  /** The server accepted the handshake. */
  open(): void;
  /** An encoded snapshot or keyframe. */
  frame(bytes: Uint8Array): void;
  roster(roster: Roster): void;
  /** The difference to the roster before, in arenas. */
  rosterChange(change: RosterChange): void;
  path(path: Path): void;
  /** The server offers to go on over another socket. */
  move(move: Move): void;
  release(release: Release): void;
  /** The server said why it will not have this socket; `closed` follows or has to be brought about. */
  refused(refusal: Refusal): void;
  /** The socket is gone. Comes once, nothing after it, not after `close()`. */
  closed(reason: string): void;
}

export interface Wire {
  join(request: JoinRequest, answered: (answer: JoinAnswer) => void): void;
  input(frame: Uint8Array): void;
  askKeyframe(): void;
  ping(answered: () => void): void;
  leave(): void;
  close(): void;
}

/** Bytes of all messages that went over a player's wires, without WebSocket and TLS framing. */
export interface Traffic {
  bytesDown: number;
  bytesUp: number;
}

/** Opens a socket. Never throws; what goes wrong comes as an event, later. */
export type Dial = (hello: Hello, events: WireEvents, traffic: Traffic) => Wire;
