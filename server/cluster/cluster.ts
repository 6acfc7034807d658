// What the rest of a server may ask of the cluster. The implementation beside this file is the only code that knows Redis.

import type { HallOfFameEntry, ServerLabel } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import type { PlayerId, RoomCode, RoomPort, ServerId } from "../room/room-port.ts";

export type ServerState = "starting" | "ready" | "draining";

/** A server as the registry knows it. */
export interface ServerRecord extends ServerLabel {
  id: ServerId;
  generation: number;
  state: ServerState;
  /** Host and port that the server is registered with at its target group; empty when it is not known. */
  address: string;
  /** People in the rooms that run there, wherever their sockets are. */
  players: number;
  /** Seated players whose sockets are there, wherever their rooms run. */
  sockets: number;
  rooms: number;
  /** Runs arenas. A server of a version that does not know them says nothing of it, and is given none. */
  arenas: boolean;
  /** How far its departure has come, in the words of server/drain; empty when it does not say. */
  phase: string;
  /** Players who came by a move since it started. */
  arrived: number;
  /** Of the task definition that it was started from, on ECS; 0 elsewhere. */
  revision: number;
}

/** What a server says of itself that the cluster cannot know. */
export interface ServerFacts {
  /** See ServerRecord. */
  address: string;
  revision: number;
  /** Asked with every beat. */
  sockets: () => number;
  phase: () => string;
  arrived: () => number;
}

/**
 * What became of a hand-off. "handed-off": the heir owns the room; "refused": the heir would not, did not answer in time, or Redis is
 * slow; "failed": something went wrong, and the room runs on here; "not-here": this server does not run the room (any more), or is
 * handing it off already, or nobody was in it and it is closed.
 */
export type HandOff = "handed-off" | "refused" | "failed" | "not-here";

export interface Cluster {
  /** Connects and registers this server. Resolves even while Redis is away; `reachable` tells. Without facts the registry has no address and no sockets. */
  start(facts?: ServerFacts): Promise<void>;
  /** Gives up leases and the registration as far as Redis can be reached; bounded in time. */
  close(): Promise<void>;
  /** True while Redis answers. */
  readonly reachable: boolean;
  setState(state: ServerState): void;

  /** The local or remote room with that code; `undefined` if the directory has none. Rejects with ClusterUnavailable when it cannot be known. */
  find(code: RoomCode): Promise<RoomPort | undefined>;
  /**
   * A room for quick play. A basin is one on this server with a free seat, the fullest first; else a new one. An arena wants company: it is the
   * fullest that has a free seat anywhere; else a new one here. Works without Redis, with what is here.
   */
  quickPlay(waters?: WatersKind): Promise<RoomPort>;
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

  /**
   * Gives a room of this server to another one, between two ticks and with everything that it is; players here stay and reach it through
   * the relay. Never rejects.
   */
  handOff(code: RoomCode, heir: ServerId): Promise<HandOff>;

  /** Best scores ever, highest first. Empty while Redis is away and nothing is known. */
  hallOfFame(): Promise<HallOfFameEntry[]>;
  /** Those whose heartbeat has not run out, this one too. */
  servers(): Promise<ServerRecord[]>;
}

/** Redis did not answer in time. */
export class ClusterUnavailable extends Error {
  readonly code = "unavailable";
}
