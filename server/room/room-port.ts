// How a gateway talks to a room, wherever the room runs: in this process or, through the relay, on another server.
// Gateways hold a RoomPort and do not ask which of the two it is.

import type { InputFrame, Path, RefusalCode, Roster, ServerLabel, SnapshotContent } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";

export type RoomCode = string & { readonly __brand: "RoomCode" };
export type PlayerId = string & { readonly __brand: "PlayerId" };
export type ServerId = string & { readonly __brand: "ServerId" };

export interface SeatRequest {
  player: PlayerId;
  name: string;
  /** The gateway that the player's socket is on. */
  gateway: ServerId;
  /** Different for each socket: an `away` from an older socket does not empty the seat that a newer one took over. */
  connection: string;
  /**
   * The connection that this one takes the seat over from, by a move. Unless that one is the seat's voice, or was until another
   * came by a ticket (or this one is already, or nobody is), the answer is "bad-ticket".
   */
  replaces?: string;
  /** The player's page understands area frames: without that an arena is "unknown-room". */
  areas?: boolean;
}

export interface SeatGrant {
  ok: true;
  seat: number;
  resumed: boolean;
  inputsReceived: number;
  roster: Roster;
  /** The connection that was the seat's voice until now, if another one was; absent from an owner of an older version. */
  replaced?: string | null;
}

export type SeatAnswer = SeatGrant | { ok: false; code: RefusalCode };

/** One tick of a room as it goes to its listeners; encoded once, whoever listens, and only if somebody asks. */
export interface RoomFrame {
  epoch: number;
  tick: number;
  /**
   * What the tick brought, of which each gateway tells its players what is near them. Absent in a basin, where everybody hears the same bytes.
   */
  content?: () => SnapshotContent;
  /** Difference to the previous tick's frame; absent when only the keyframe makes sense (first frame, new epoch, once a second). */
  delta?: Uint8Array;
  /** The whole view; made when first asked for, then kept. Absent in a relayed frame that brought only the delta. */
  keyframe?: () => Uint8Array;
}

export interface RoomListener {
  frame(frame: RoomFrame): void;
  /**
   * The room has another owner or epoch now; seats and sockets stay. A gateway confirms each seat by another `join` of the same
   * connection where the new owner is in its own process; elsewhere the relay does.
   */
  path(path: Pick<Path, "owner" | "epoch">): void;
  /** The room is over; nothing more comes. */
  closed(code: RefusalCode): void;
  /** The owner was out of reach, and this gateway's player has lost the seat meanwhile; the socket should go, with that code. */
  seatLost?(player: PlayerId, code: RefusalCode): void;
}

export interface RoomPort {
  readonly code: RoomCode;
  readonly waters: WatersKind;
  readonly owner: ServerLabel;
  readonly epoch: number;
  /** Takes or resumes a seat. Resolves to a refusal, never rejects. */
  join(request: SeatRequest): Promise<SeatAnswer>;
  /** An encoded input frame of a seated player, already known to decode; `read` is what it says, where somebody has read it already. */
  input(player: PlayerId, frame: Uint8Array, read?: InputFrame): void;
  /** The player's socket is gone; the boat waits AWAY_MS for another. */
  away(player: PlayerId, connection: string): void;
  /** The player gave the seat up. */
  leave(player: PlayerId): void;
  /** A listener needs a keyframe with the next tick. */
  wantKeyframe(): void;
  listen(listener: RoomListener): () => void;
}

/** The connection that speaks for a seat. */
export interface SeatVoice extends Pick<SeatRequest, "player" | "gateway" | "connection"> {
  /** The lowest number of an input that has not arrived. */
  nextInput: number;
}

/** A room that this server owns, as the cluster sees it. */
export interface OwnedRoom extends RoomPort {
  /** Everything that the room is, for its next owner; epoch not included. */
  checkpoint(): Uint8Array;
  /** The last one that was played. */
  readonly tick: number;
  /** People seated or away. */
  readonly players: number;
  /** Seats that a person could still take. */
  readonly freeSeats: number;
  /** Of those who are not away. */
  voices(): SeatVoice[];
}

/** A room between two ticks, until it goes on here or elsewhere. */
export interface SealedRoom {
  /** Milliseconds until its next tick is due; negative once it is late. */
  dueInMs(): number;
}

/** The rooms that run in this process. Knows no Redis and no socket. */
export interface RoomHost {
  create(code: RoomCode, epoch: number, waters: WatersKind): OwnedRoom;
  /** As many rooms run here as should. */
  readonly full: boolean;
  /**
   * Goes on with a room from another owner's checkpoint, in a new epoch. `atLeastTick` is the highest tick that anybody here has
   * seen of it: the room catches up to that, so that its ticks never go back. With `dueInMs` its next tick is due then, as at the former owner; else it takes
   its place among the rooms here. Throws on a checkpoint that cannot be read.
   */
  adopt(code: RoomCode, epoch: number, checkpoint: Uint8Array, atLeastTick: number, dueInMs?: number): OwnedRoom;
  /** Others have seen a higher tick of the room than it has had here: it catches up with its next step. */
  catchUp(code: RoomCode, seenTick: number): void;
  /** Stops the room right after its next tick. `undefined` if it ends, or goes on elsewhere, before that. */
  seal(code: RoomCode): Promise<SealedRoom | undefined>;
  /** The room goes on here, with the ticks that are due. */
  unseal(code: RoomCode): void;
  /** Stops ticking a room at once and tells nobody: another server owns it. */
  yield(code: RoomCode): void;
  get(code: RoomCode): OwnedRoom | undefined;
  list(): OwnedRoom[];
  /** Called when a room closed itself: a fault, or nobody left. */
  onClosed(handler: (code: RoomCode, reason: "fault" | "empty") => void): void;
  /** Called when a player's score of a round is final (end of the round, leaving, closing). */
  onScore(
    handler: (code: RoomCode, score: { player: PlayerId; name: string; score: number; round: number }) => void,
  ): void;
}
