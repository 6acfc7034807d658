// What is kept in Redis, as operations that are each atomic. Says nothing about how; redis-store.ts and memory-store.ts do it,
// and store-contract.ts says what both must do. Every operation rejects with ClusterUnavailable when it was not answered in time;
// it may have happened all the same.

import type { HallOfFameEntry, ServerLabel } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import type { PlayerId, RoomCode, ServerId } from "../room/room-port.ts";
import type { ServerRecord } from "./cluster.ts";

/** What a server says of itself with each beat. */
export interface ServerBeat extends ServerRecord {
  /** Basins that a person could join, the fullest first, OPEN_ROOMS_MAX at most. */
  openRooms: OpenRoom[];
  /** The same of arenas: apart from the others, so that a version that does not know arenas sends nobody there. */
  openArenas: OpenRoom[];
}

export interface OpenRoom {
  code: RoomCode;
  players: number;
  freeSeats: number;
}

/** A server's word that it runs a room. */
export interface RoomClaim {
  code: RoomCode;
  epoch: number;
  owner: ServerLabel;
  /** Different for every room ever created: two rooms that got the same code during an outage are not taken for one. */
  birth: string;
  /** To a version that does not know arenas, the lease of one never runs out: it would drop a room whose checkpoint it cannot read. */
  waters: WatersKind;
}

/** A room as the directory knows it. */
export interface RoomRecord extends RoomClaim {
  /** Milliseconds until the lease runs out; not positive once it has. */
  leaseLeftMs: number;
}

/** Whether the claim stands; if not, whose does. */
export type LeaseAnswer = { held: true } | { held: false; holder: RoomRecord };

export type TakeoverAnswer =
  | { taken: true; epoch: number; birth: string; checkpoint: Uint8Array }
  | { taken: false; reason: "owner-alive" | "lease-held" | "epoch-moved" | "unknown" | "no-checkpoint" };

/** `holder` is whoever the directory names instead; none if it does not know the room. */
export type HandOverAnswer = { handedOver: true } | { handedOver: false; holder: RoomRecord | undefined };

/** A player's best score ever. */
export interface HallRecord extends HallOfFameEntry {
  player: PlayerId;
}

export interface ClusterStore {
  /** Registers the server for another HEARTBEAT_EXPIRY_MS and holds its rooms, in one round trip. Answers in the order of the claims. */
  beat(server: ServerBeat, claims: readonly RoomClaim[]): Promise<LeaseAnswer[]>;
  /**
   * Creates, announces again or renews: the claim stands if the directory has no such room, or the same room (birth) in a lower
   * epoch, or in the same epoch with the same owner. It never lowers an epoch.
   */
  hold(claim: RoomClaim): Promise<LeaseAnswer>;
  /** Removes the server from the registry. */
  leave(server: ServerId): Promise<void>;
  /** Servers whose heartbeat has not run out, of whatever version (server-beat.ts). */
  servers(): Promise<ServerBeat[]>;

  room(code: RoomCode): Promise<RoomRecord | undefined>;
  /**
   * Makes `claimant` the owner in epoch `fromEpoch + 1`, if that is the room's epoch and both its lease and its owner's heartbeat have
   * run out (or the owner is the claimant itself, whose earlier answer was lost). A room without a checkpoint is removed.
   */
  takeOver(code: RoomCode, fromEpoch: number, claimant: ServerLabel): Promise<TakeoverAnswer>;
  /**
   * Makes `heir` the owner in the next epoch, from this checkpoint and with a fresh lease, if the claim is what the directory says. May be
   * asked again while the answer is uncertain: true as well if it has happened before.
   */
  handOver(claim: RoomClaim, heir: ServerLabel, checkpoint: Uint8Array): Promise<HandOverAnswer>;
  /** False, and nothing written, if the claim is not what the directory says. */
  saveCheckpoint(claim: RoomClaim, bytes: Uint8Array): Promise<boolean>;
  /** Lets others take the room over at once, from this checkpoint. False if the claim is not what the directory says. */
  free(claim: RoomClaim, checkpoint: Uint8Array): Promise<boolean>;
  /** Removes the room. False if the claim is not what the directory says. */
  drop(claim: RoomClaim): Promise<boolean>;

  rememberRoom(player: PlayerId, code: RoomCode): Promise<void>;
  lastRoom(player: PlayerId): Promise<RoomCode | undefined>;

  /** Keeps the better of the stored and the new score. False if the room has a higher epoch than `claim`. */
  recordScore(claim: RoomClaim, score: HallRecord): Promise<boolean>;
  /** Puts back what is known, after Redis came back empty; a player's best never goes back. */
  mergeScores(scores: readonly HallRecord[]): Promise<void>;
  /** Highest first, HALL_OF_FAME_MAX at most. */
  hall(): Promise<HallRecord[]>;

  close(): Promise<void>;
}

/** Durations that the store itself applies; the constants of timing.ts unless a test says otherwise. */
export interface StoreTiming {
  leaseMs: number;
  heartbeatExpiryMs: number;
  roomKeepMs: number;
  lastRoomMs: number;
}
