// The cluster as one server takes part in it: answers what gateways ask, with ClusterRooms for the rooms, and what is known of other servers,
// players and scores beside it.

import type { HallOfFameEntry } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import type { PlayerId, RoomCode, RoomPort, ServerId } from "../room/room-port.ts";
import {
  type Cluster,
  ClusterUnavailable,
  type HandOff,
  type ServerFacts,
  type ServerRecord,
  type ServerState,
} from "./cluster.ts";
import { ClusterRooms, type ClusterRoomsDependencies } from "./cluster-rooms.ts";
import { HallOfFame } from "./hall-of-fame.ts";
import { LastRooms } from "./last-rooms.ts";
import { CROWDED_FROM_PLAYERS, OPEN_ROOMS_MAX } from "./limits.ts";
import type { RoutedRoom } from "./routed-room.ts";
import type { OpenRoom, ServerBeat } from "./store.ts";
import { Succession } from "./succession.ts";
import { CLOSE_TIMEOUT_MS, HALL_FRESH_MS, HALL_REFRESH_MS, LAST_ROOM_REFRESH_MS } from "./timing.ts";

export interface ClusterDependencies
  extends Omit<ClusterRoomsDependencies, "describe" | "isDraining" | "isReady" | "onReturn"> {
  readonly generation: number;
}

/** Of a server that nobody can be sent to. */
const noFacts: ServerFacts = { address: "", revision: 0, sockets: () => 0, phase: () => "", arrived: () => 0 };

export class ClusterService implements Cluster {
  readonly #deps: ClusterDependencies;
  readonly #rooms: ClusterRooms;
  readonly #succession: Succession;
  readonly #hall: HallOfFame;
  readonly #lastRooms: LastRooms;
  #state: ServerState = "starting";
  #facts: ServerFacts = noFacts;
  /** Rooms that are being made, by their waters. */
  readonly #creating = new Map<WatersKind, Promise<RoutedRoom>>();
  #hallReading: Promise<void> | undefined;
  #hallReadAtMs = Number.NEGATIVE_INFINITY;
  #stopHallTimer: () => void = () => {};
  #stopLastRoomsTimer: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(deps: ClusterDependencies) {
    const { clock, store, host, self } = deps;
    this.#deps = deps;
    this.#hall = new HallOfFame(store);
    this.#lastRooms = new LastRooms(clock, store);
    this.#rooms = new ClusterRooms({
      ...deps,
      describe: () => this.#describe(),
      isDraining: () => this.#state === "draining",
      isReady: () => this.#state === "ready",
      onReturn: () => void this.#refreshHall(),
    });
    this.#succession = new Succession({
      ...{ clock, store, self: self.id },
      rooms: () => this.#rooms.list(),
      contactMs: () => this.#rooms.ownership.contactMs,
      claim: (record) => this.#rooms.claim(record),
      remind: (record) => this.#rooms.remind(record),
    });
    host.onScore((code, { player, name, score }) => {
      const claim = this.#rooms.ownership.get(code);
      const at = new Date(clock.wallNow()).toISOString();
      if (claim) void this.#hall.record(claim, { player, name, score, at });
    });
  }

  get reachable(): boolean {
    return this.#rooms.ownership.reachable;
  }

  async start(facts?: ServerFacts): Promise<void> {
    if (facts) this.#facts = facts;
    await this.#rooms.ownership.start();
    this.#succession.start();
    this.#refreshHallLater();
    this.#refreshLastRoomsLater();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  setState(state: ServerState): void {
    this.#state = state;
  }

  async find(code: RoomCode): Promise<RoomPort | undefined> {
    const known = this.#rooms.get(code);
    if (known?.place === "local" || known?.place === "moving") return known;
    const { store, self } = this.#deps;
    const record = await store.room(code);
    if (!record) return undefined;
    const isGone = record.owner.id === self.id || (record.leaseLeftMs <= 0 && !(await this.#isAlive(record.owner.id)));
    if (!isGone) return this.#rooms.routeTo(record);
    const taken = await this.#rooms.claim(record);
    if (taken) return taken;
    // Somebody else was faster, or it is too early to say that the owner is gone.
    const current = await store.room(code);
    if (!current) return undefined;
    if (current.leaseLeftMs > 0 && current.owner.id !== self.id) return this.#rooms.routeTo(current);
    throw new ClusterUnavailable(`cannot reach room ${code}: its owner ${current.owner.id} is gone`);
  }

  async quickPlay(waters: WatersKind = "basin"): Promise<RoomPort> {
    const elsewhere = waters === "arena" ? await this.#fullerArena() : undefined;
    if (elsewhere) return elsewhere;
    for (;;) {
      const open = this.#openHere(waters)[0];
      const route = open && this.#rooms.get(open.code);
      if (route) return route;
      // Whoever is making a room makes it for everybody; a failure is reported to the one who tried.
      const creating = this.#creating.get(waters);
      if (!creating) break;
      await creating.catch(() => {});
    }
    const creating = this.#rooms.create(waters).finally(() => this.#creating.delete(waters));
    this.#creating.set(waters, creating);
    return creating;
  }

  company(): Promise<RoomPort | undefined> {
    if (this.#openHere("basin").some(({ players }) => players > 0)) return Promise.resolve(undefined);
    const isSmall = ({ players }: OpenRoom) => players > 0 && players < CROWDED_FROM_PLAYERS;
    return this.#ifReachable(() => this.#openElsewhere(({ openRooms }) => openRooms.filter(isSmall)));
  }

  quickPlayRemote(): Promise<RoomPort | undefined> {
    return this.#openElsewhere(({ openRooms }) => openRooms);
  }

  handOff(code: RoomCode, heir: ServerId): Promise<HandOff> {
    return this.#rooms.handOff(code, heir);
  }

  lastRoomOf(player: PlayerId): Promise<RoomCode | undefined> {
    return this.#lastRooms.of(player);
  }

  rememberRoomOf(player: PlayerId, code: RoomCode): Promise<void> {
    return this.#lastRooms.remember(player, code);
  }

  async hallOfFame(): Promise<HallOfFameEntry[]> {
    if (this.reachable && this.#deps.clock.now() - this.#hallReadAtMs >= HALL_FRESH_MS) await this.#refreshHall();
    return this.#hall.entries();
  }

  async servers(): Promise<ServerRecord[]> {
    return (await this.#deps.store.servers()).map(({ openRooms: _, openArenas: __, ...record }) => record);
  }

  async #close(): Promise<void> {
    const { clock, bus, store, self } = this.#deps;
    this.#rooms.ownership.close();
    this.#succession.close();
    this.#stopHallTimer();
    this.#stopLastRoomsTimer();
    const goodbye = this.#rooms
      .giveUpAll()
      .then(() => store.leave(self.id))
      // Redis is away: leases and heartbeat run out by themselves.
      .catch(() => {});
    let stopWaiting: () => void = () => {};
    const deadline = new Promise<void>((resolve) => {
      stopWaiting = clock.after(CLOSE_TIMEOUT_MS, resolve);
    });
    await Promise.race([goodbye, deadline]);
    stopWaiting();
    this.#rooms.close();
    await Promise.all([bus.close(), store.close()]);
  }

  async #isAlive(server: string): Promise<boolean> {
    return (await this.#deps.store.servers()).some(({ id }) => id === server);
  }

  /** An arena elsewhere with more people in it than the fullest here has. */
  #fullerArena(): Promise<RoomPort | undefined> {
    const [here] = this.#openHere("arena");
    const isFuller = (room: OpenRoom) => !here || fullestFirst(room, here) < 0;
    return this.#ifReachable(() => this.#openElsewhere(({ openArenas }) => openArenas.filter(isFuller)));
  }

  /** Without the cluster's knowledge a room of one's own will do. */
  async #ifReachable(find: () => Promise<RoomPort | undefined>): Promise<RoomPort | undefined> {
    if (!this.reachable) return undefined;
    try {
      return await find();
    } catch (error) {
      if (error instanceof ClusterUnavailable) return undefined;
      throw error;
    }
  }

  async #openElsewhere(wantedOf: (server: ServerBeat) => OpenRoom[]): Promise<RoomPort | undefined> {
    const { store, self } = this.#deps;
    const others = (await store.servers()).filter(({ id, state }) => id !== self.id && state === "ready");
    for (const { code } of others.flatMap(wantedOf).sort(fullestFirst)) {
      const route = await this.find(code);
      if (route && route.owner.id !== self.id) return route;
    }
    return undefined;
  }

  #openHere(waters: WatersKind): OpenRoom[] {
    return this.#deps.host
      .list()
      .filter((room) => room.waters === waters && room.freeSeats > 0)
      .map(({ code, players, freeSeats }) => ({ code, players, freeSeats }))
      .sort(fullestFirst);
  }

  #describe(): ServerBeat {
    const { host, self, generation } = this.#deps;
    const rooms = host.list();
    return {
      ...{ id: self.id, version: self.version, generation, state: this.#state },
      ...{ address: this.#facts.address, revision: this.#facts.revision, phase: this.#facts.phase() },
      sockets: this.#facts.sockets(),
      arrived: this.#facts.arrived(),
      players: rooms.reduce((players, room) => players + room.players, 0),
      rooms: rooms.length,
      arenas: true,
      openRooms: this.#openHere("basin").slice(0, OPEN_ROOMS_MAX),
      openArenas: this.#openHere("arena").slice(0, OPEN_ROOMS_MAX),
    };
  }

  /** However many ask at once, Redis is asked once. */
  #refreshHall(): Promise<void> {
    this.#hallReading ??= this.#hall
      .refresh()
      // While Redis is away, what is known here has to do.
      .catch(() => {})
      .finally(() => {
        this.#hallReadAtMs = this.#deps.clock.now();
        this.#hallReading = undefined;
      });
    return this.#hallReading;
  }

  #refreshHallLater(): void {
    this.#stopHallTimer = this.#deps.clock.after(HALL_REFRESH_MS, () => {
      if (this.reachable) void this.#refreshHall();
      this.#refreshHallLater();
    });
  }

  #refreshLastRoomsLater(): void {
    this.#stopLastRoomsTimer = this.#deps.clock.after(LAST_ROOM_REFRESH_MS, () => {
      for (const route of this.#rooms.list()) {
        for (const { request } of route.seats.list()) void this.#lastRooms.remember(request.player, route.code);
      }
      this.#refreshLastRoomsLater();
    });
  }
}

function fullestFirst(a: OpenRoom, b: OpenRoom): number {
  return b.players - a.players || (a.code < b.code ? -1 : 1);
}
