// The cluster as one server takes part in it: which rooms run here, which elsewhere, and how a gateway reaches each. Puts the parts
// together; leases, takeovers and the relay have files of their own.

import { type HallOfFameEntry, makeRoomCode, type ServerLabel } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { OwnedRoom, PlayerId, RoomCode, RoomHost, RoomPort, ServerId } from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { Checkpoints } from "./checkpoints.ts";
import { type Cluster, ClusterUnavailable, type ServerRecord, type ServerState } from "./cluster.ts";
import { HallOfFame } from "./hall-of-fame.ts";
import { LastRooms } from "./last-rooms.ts";
import { CODE_ATTEMPTS_MAX, OPEN_ROOMS_MAX } from "./limits.ts";
import { Ownership } from "./ownership.ts";
import { RoomRelay } from "./relay.ts";
import { RoutedRoom } from "./routed-room.ts";
import type { ClusterStore, OpenRoom, RoomClaim, RoomRecord, ServerBeat } from "./store.ts";
import { Succession } from "./succession.ts";
import type { ClusterLog, ClusterMetrics } from "./telemetry.ts";
import {
  CLAIM_CONTACT_MS,
  CLOSE_TIMEOUT_MS,
  DRAINING_CLAIM_DELAY_MS,
  HALL_FRESH_MS,
  HALL_REFRESH_MS,
} from "./timing.ts";

export interface ClusterDependencies {
  readonly clock: Clock;
  readonly store: ClusterStore;
  readonly bus: Bus;
  readonly host: RoomHost;
  /** `id` is unique for each start of a process. */
  readonly self: ServerLabel & { id: ServerId };
  readonly generation: number;
  /** 0 … less than 1. */
  readonly random: () => number;
  readonly log: ClusterLog;
  readonly metrics: ClusterMetrics;
}

export class ClusterService implements Cluster {
  readonly #deps: ClusterDependencies;
  readonly #self: ServerLabel & { id: ServerId };
  readonly #routes = new Map<RoomCode, RoutedRoom>();
  readonly #relays = new Map<RoomCode, RoomRelay>();
  readonly #claiming = new Map<RoomCode, Promise<RoutedRoom | undefined>>();
  readonly #ownership: Ownership;
  readonly #checkpoints: Checkpoints;
  readonly #succession: Succession;
  readonly #hall: HallOfFame;
  readonly #lastRooms: LastRooms;
  #state: ServerState = "starting";
  #creating: Promise<RoutedRoom> | undefined;
  #stopHallTimer: () => void = () => {};
  #hallReading: Promise<void> | undefined;
  #hallReadAtMs = Number.NEGATIVE_INFINITY;
  #births = 0;
  #closed = false;

  constructor(deps: ClusterDependencies) {
    const { clock, store, host, log, metrics } = deps;
    const isReachable = () => this.reachable;
    this.#deps = deps;
    this.#self = { id: deps.self.id, version: deps.self.version };
    this.#hall = new HallOfFame(store);
    this.#lastRooms = new LastRooms(clock, store);
    this.#checkpoints = new Checkpoints({ clock, store, host, log, metrics, isReachable });
    this.#ownership = new Ownership({
      clock,
      store,
      log,
      metrics,
      describe: () => this.#describe(),
      onLost: (claim, holder) => this.#lose(claim, holder),
      onReturn: () => void this.#refreshHall(),
    });
    this.#succession = new Succession({
      clock,
      store,
      self: this.#self.id,
      rooms: () => this.#routes.values(),
      isReachable,
      claim: (record) => this.#claim(record),
    });
    host.onClosed((code) => this.#roomClosed(code));
    host.onScore((code, { player, name, score }) => {
      const claim = this.#ownership.get(code);
      const at = new Date(clock.wallNow()).toISOString();
      if (claim) void this.#hall.record(claim, { player, name, score, at });
    });
  }

  get reachable(): boolean {
    return this.#ownership.reachable;
  }

  async start(): Promise<void> {
    await this.#ownership.start();
    this.#succession.start();
    this.#refreshHallLater();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { clock, bus, store } = this.#deps;
    this.#ownership.close();
    this.#succession.close();
    this.#checkpoints.close();
    this.#stopHallTimer();
    const claims = this.#ownership.list();
    const goodbye = Promise.allSettled(claims.map((claim) => this.#giveUp(claim)))
      .then(() => store.leave(this.#self.id))
      // Redis is away: leases and heartbeat run out by themselves.
      .catch(() => {});
    let stopWaiting: () => void = () => {};
    const deadline = new Promise<void>((resolve) => {
      stopWaiting = clock.after(CLOSE_TIMEOUT_MS, resolve);
    });
    await Promise.race([goodbye, deadline]);
    stopWaiting();
    for (const relay of this.#relays.values()) relay.close();
    for (const route of this.#routes.values()) route.close();
    await Promise.allSettled([bus.close(), store.close()]);
  }

  setState(state: ServerState): void {
    this.#state = state;
  }

  async find(code: RoomCode): Promise<RoomPort | undefined> {
    const known = this.#routes.get(code);
    if (known?.place === "local") return known;
    const record = await this.#deps.store.room(code);
    if (!record) return undefined;
    const gone =
      record.owner.id === this.#self.id || (record.leaseLeftMs <= 0 && !(await this.#isAlive(record.owner.id)));
    if (gone) {
      const taken = await this.#claim(record);
      if (taken) return taken;
      // Somebody else was faster, or it is too early to say that the owner is gone.
      return this.#afterClaim(code);
    }
    return this.#routeTo(record);
  }

  async quickPlay(): Promise<RoomPort> {
    for (;;) {
      const open = this.#openRooms()[0];
      const route = open && this.#routes.get(open.code);
      if (route) return route;
      if (!this.#creating) break;
      await this.#creating.catch(() => {});
    }
    this.#creating = this.#create();
    try {
      return await this.#creating;
    } finally {
      this.#creating = undefined;
    }
  }

  async quickPlayRemote(): Promise<RoomPort | undefined> {
    const others = (await this.#deps.store.servers()).filter(
      ({ id, state }) => id !== this.#self.id && state === "ready",
    );
    const open = others.flatMap((server) => server.openRooms).sort(fullestFirst);
    for (const { code } of open) {
      const route = await this.find(code);
      if (route && route.owner.id !== this.#self.id) return route;
    }
    return undefined;
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
    return (await this.#deps.store.servers()).map(({ openRooms: _, ...record }) => record);
  }

  /** A new room; without Redis it is announced later. */
  async #create(): Promise<RoutedRoom> {
    const { host, store, random, metrics } = this.#deps;
    for (let attempt = 1; ; attempt++) {
      const code = makeRoomCode((limit) => Math.floor(random() * limit)) as RoomCode;
      if (host.get(code) || this.#routes.has(code)) continue;
      const claim = { code, epoch: 1, owner: this.#self, birth: `${this.#self.id}/${++this.#births}` };
      const answer = this.reachable ? await store.hold(claim).catch(() => undefined) : undefined;
      if (answer?.held === false && attempt < CODE_ATTEMPTS_MAX) continue;
      if (answer?.held === false) throw new ClusterUnavailable(`cannot find a free room code in ${attempt} attempts`);
      try {
        const room = host.create(code, claim.epoch);
        metrics.ownership("created");
        return this.#own(claim, room, false);
      } catch (error) {
        // No room can be made here; the claim must not keep the code.
        this.#ownership.add(claim);
        this.#ownership.drop(code);
        throw error;
      }
    }
  }

  #own(claim: RoomClaim, room: OwnedRoom, takenOver: boolean): RoutedRoom {
    const { clock, bus, metrics } = this.#deps;
    const route = this.#route(claim.code, claim.birth);
    this.#ownership.add(claim);
    this.#checkpoints.add(claim);
    const isHere = (player: PlayerId) => route.seats.has(player);
    this.#relays.get(claim.code)?.close();
    this.#relays.set(claim.code, new RoomRelay({ clock, bus, metrics, self: this.#self, room, isHere }, takenOver));
    route.becomeLocal(room);
    return route;
  }

  /** One attempt at a time for each room, whoever asks. */
  #claim(record: RoomRecord): Promise<RoutedRoom | undefined> {
    const running = this.#claiming.get(record.code);
    if (running) return running;
    const attempt = this.#takeOver(record).finally(() => this.#claiming.delete(record.code));
    this.#claiming.set(record.code, attempt);
    return attempt;
  }

  async #takeOver({ code, epoch: fromEpoch, birth, leaseLeftMs, owner }: RoomRecord): Promise<RoutedRoom | undefined> {
    const { store, host, log, metrics } = this.#deps;
    const patienceMs = this.#state === "draining" ? DRAINING_CLAIM_DELAY_MS : 0;
    const tooEarly = owner.id !== this.#self.id && -leaseLeftMs < patienceMs;
    if (this.#closed || tooEarly || this.#ownership.contactMs < CLAIM_CONTACT_MS || host.get(code)) return undefined;
    const answer = await store.takeOver(code, fromEpoch, this.#self);
    if (!answer.taken) return undefined;
    const claim = { code, epoch: answer.epoch, owner: this.#self, birth };
    try {
      const room = host.adopt(code, answer.epoch, answer.checkpoint, this.#routes.get(code)?.newestTick ?? 0);
      log.info({ room: code, epoch: answer.epoch, from: owner.id }, "took a room over");
      metrics.ownership("taken-over");
      return this.#own(claim, room, true);
    } catch (error) {
      log.error({ room: code, err: error }, "a room could not be taken over from its checkpoint");
      this.#ownership.add(claim);
      this.#ownership.drop(code);
      this.#routes.get(code)?.end("room-closed");
      return undefined;
    }
  }

  async #afterClaim(code: RoomCode): Promise<RoomPort | undefined> {
    const record = await this.#deps.store.room(code);
    if (!record) return undefined;
    if (record.leaseLeftMs <= 0)
      throw new ClusterUnavailable(`cannot reach room ${code}: its owner ${record.owner.id} is gone`);
    return this.#routeTo(record);
  }

  /** A higher epoch is somebody else's, or another room has the code: this one stops at once. */
  #lose(claim: RoomClaim, holder: RoomRecord): void {
    const { host, log, metrics } = this.#deps;
    const { code } = claim;
    this.#stopOwning(code);
    host.yield(code);
    const route = this.#routes.get(code);
    const fields = { room: code, epoch: claim.epoch, holder: holder.owner.id, holderEpoch: holder.epoch };
    if (holder.birth === claim.birth) {
      log.warn(fields, "yielded a room to its new owner");
      metrics.ownership("yielded");
      route?.becomeRemote(holder.owner, holder.epoch);
    } else {
      log.warn(fields, "closed a room whose code another room has had first");
      metrics.ownership("collided");
      route?.end("room-closed");
    }
  }

  /** The room closed itself. */
  #roomClosed(code: RoomCode): void {
    this.#stopOwning(code);
    this.#ownership.drop(code);
    this.#routes.get(code)?.end("room-closed");
  }

  /** Leaves the room to whoever comes next, in its last state. */
  async #giveUp(claim: RoomClaim): Promise<void> {
    const { host, store } = this.#deps;
    const room = host.get(claim.code);
    const checkpoint = room && room.players > 0 ? room.checkpoint() : undefined;
    this.#stopOwning(claim.code);
    host.yield(claim.code);
    if (checkpoint) await store.free(claim, checkpoint);
    else await store.drop(claim);
  }

  #stopOwning(code: RoomCode): void {
    this.#checkpoints.remove(code);
    this.#relays.get(code)?.close();
    this.#relays.delete(code);
  }

  #routeTo(record: RoomRecord): RoutedRoom {
    const route = this.#route(record.code, record.birth);
    if (route.place === "nowhere") route.becomeRemote(record.owner, record.epoch);
    else route.follow(record.owner, record.epoch);
    return route;
  }

  #route(code: RoomCode, birth: string): RoutedRoom {
    const known = this.#routes.get(code);
    if (known?.birth === birth) return known;
    known?.end("room-closed");
    const { clock, bus, metrics } = this.#deps;
    const onRetired = (route: RoutedRoom) => {
      if (this.#routes.get(code) === route) this.#routes.delete(code);
    };
    const route = new RoutedRoom({ clock, bus, metrics, gateway: this.#self.id, code, birth, onRetired });
    this.#routes.set(code, route);
    return route;
  }

  async #isAlive(server: string): Promise<boolean> {
    return (await this.#deps.store.servers()).some(({ id }) => id === server);
  }

  #openRooms(): OpenRoom[] {
    return this.#deps.host
      .list()
      .filter((room) => room.freeSeats > 0)
      .map(({ code, players, freeSeats }) => ({ code, players, freeSeats }))
      .sort(fullestFirst);
  }

  #describe(): ServerBeat {
    const rooms = this.#deps.host.list();
    return {
      ...this.#self,
      generation: this.#deps.generation,
      state: this.#state,
      players: rooms.reduce((players, room) => players + room.players, 0),
      rooms: rooms.length,
      openRooms: this.#openRooms().slice(0, OPEN_ROOMS_MAX),
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
}

function fullestFirst(a: OpenRoom, b: OpenRoom): number {
  return b.players - a.players || (a.code < b.code ? -1 : 1);
}
