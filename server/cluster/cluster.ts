// What the rest of a server may ask of the cluster. The implementation beside this file is the only code that knows Redis.

import type { HallOfFameEntry, ServerLabel } from "../../game/protocol/index.ts";
import type { PlayerId, RoomCode, RoomPort, ServerId } from "../room/room-port.ts";

export type ServerState = "starting" | "ready" | "draining";

/** A server as the registry knows it. */
export interface ServerRecord extends ServerLabel {
  id: ServerId;
  generation: number;
  state: ServerState;
  players: number;
  rooms: number;
}

export interface Cluster {
  /** Connects and registers this server. Resolves even while Redis is away; `reachable` tells. */
  start(): Promise<void>;
  /** Gives up leases and the registration as far as Redis can be reached; bounded in time. */
  close(): Promise<void>;
  /** True while Redis answers. */
  readonly reachable: boolean;
  setState(state: ServerState): void;

  /** The local or remote room with that code; `undefined` if the directory has none. Rejects with ClusterUnavailable when it cannot be known. */
  find(code: RoomCode): Promise<RoomPort | undefined>;
  /** A room for quick play on this server: one with a free seat, the fullest first; else a new one. Works without Redis. */
  quickPlay(): Promise<RoomPort>;
  /**
   * A small room on another server with people in it, while this server has nobody playing: so that the first few visitors meet,
   * whichever server they land on. `undefined` when there is none, or when Redis cannot tell.
   */
  company(): Promise<RoomPort | undefined>;
  /** A room owned by another server that has a free seat, for load that wants to cross servers. */
  quickPlayRemote(): Promise<RoomPort | undefined>;
  /** The room in which the player has or had a seat lately. */
  lastRoomOf(player: PlayerId): Promise<RoomCode | undefined>;
  rememberRoomOf(player: PlayerId, code: RoomCode): Promise<void>;

  /** Best scores ever, highest first. Empty while Redis is away and nothing is known. */
  hallOfFame(): Promise<HallOfFameEntry[]>;
  servers(): Promise<ServerRecord[]>;
}

/** Redis did not answer in time. */
export class ClusterUnavailable extends Error {
  readonly code = "unavailable";
}
