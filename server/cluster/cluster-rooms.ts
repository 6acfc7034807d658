// The rooms that this server reaches, its own and those of others, and all the ways in which one becomes its own: made, taken over from an
// owner that is gone, inherited from one that hands it off.

import { makeRoomCode, type ServerLabel } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import type { Clock } from "../clock.ts";
import type { RoomCode, RoomHost, ServerId } from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { ClusterUnavailable, type HandOff } from "./cluster.ts";
import { HandOffs } from "./hand-offs.ts";
import { Inbox } from "./inbox.ts";
import type { InboxMessage } from "./inbox-envelope.ts";
import { Inheritance, type Resume } from "./inheritance.ts";
import { CODE_ATTEMPTS_MAX } from "./limits.ts";
import { OwnRooms } from "./own-rooms.ts";
import type { Ownership } from "./ownership.ts";
import type { RoutedRoom } from "./routed-room.ts";
import { Routes } from "./routes.ts";
import type { ClusterStore, RoomClaim, RoomRecord, ServerBeat } from "./store.ts";
import type { ClusterLog, ClusterMetrics } from "./telemetry.ts";
import { CLAIM_CONTACT_MS, DRAINING_CLAIM_DELAY_MS, LEASE_MS } from "./timing.ts";

export interface ClusterRoomsDependencies {
  readonly clock: Clock;
  readonly store: ClusterStore;
  readonly bus: Bus;
  readonly host: RoomHost;
  /** `id` is unique for each start of a process. */
  readonly self: ServerLabel & { id: ServerId };
  /** 0 … less than 1. */
  readonly random: () => number;
  readonly log: ClusterLog;
  readonly metrics: ClusterMetrics;
  /** What the registry is told. */
  readonly describe: () => ServerBeat;
  readonly isDraining: () => boolean;
  /** Rooms of other servers are welcome. */
  readonly isReady: () => boolean;
  /** Redis answers again after a break. */
  readonly onReturn: () => void;
}

export class ClusterRooms {
  readonly #deps: ClusterRoomsDependencies;
  readonly #self: ServerLabel;
  readonly #routes: Routes;
  readonly #own: OwnRooms;
  readonly #inbox: Inbox;
  readonly #handOffs: HandOffs;
  readonly #inheritance: Inheritance;
  readonly #claiming = new Map<RoomCode, Promise<RoutedRoom | undefined>>();
  #births = 0;
  #closed = false;

  constructor(deps: ClusterRoomsDependencies) {
    const { clock, bus, metrics, self } = deps;
    this.#deps = deps;
    this.#self = { id: self.id, version: self.version };
    this.#routes = new Routes({ clock, bus, metrics, gateway: self.id });
    const onLosing = (claim: RoomClaim, holder: RoomRecord) => this.#handOffs.concede(claim, holder);
    this.#own = new OwnRooms({ ...deps, routes: this.#routes, onLosing });
    const onMessage = (message: InboxMessage) => this.#heard(message);
    this.#inbox = new Inbox({ bus, metrics, self: self.id, onMessage });
    const send = (to: ServerId, message: InboxMessage) => this.#inbox.send(to, message);
    this.#handOffs = new HandOffs({ ...deps, estate: this.#own, send });
    this.#inheritance = new Inheritance({
      ...deps,
      send,
      hasRoomFor: (code) => this.#hasRoomFor(code),
      inherit: (resume, kept) => this.#inherit(resume, kept),
      claim: (record) => this.#claimNow(record),
    });
  }

  get ownership(): Ownership {
    return this.#own.ownership;
  }

  get(code: RoomCode): RoutedRoom | undefined {
    return this.#routes.get(code);
  }

  list(): Iterable<RoutedRoom> {
    return this.#routes.list();
  }

  /**
   * A new room; without Redis it is announced later. If another room turns out to have had the code first, this one closes: a room
   * cannot change its name, and two under one name would share their channels.
   */
  async create(waters: WatersKind): Promise<RoutedRoom> {
    const { host, store, random, metrics } = this.#deps;
    for (let attempt = 1; ; attempt++) {
      const code = makeRoomCode((limit) => Math.floor(random() * limit)) as RoomCode;
      if (host.get(code) || this.#routes.get(code)) continue;
      const claim = { code, epoch: 1, owner: this.#self, birth: `${this.#self.id}/${++this.#births}`, waters };
      const answer = this.ownership.reachable ? await store.hold(claim).catch(() => undefined) : undefined;
      if (answer?.held === false && attempt < CODE_ATTEMPTS_MAX) continue;
      if (answer?.held === false) throw new ClusterUnavailable(`cannot find a free room code in ${attempt} attempts`);
      try {
        const room = host.create(code, claim.epoch, waters);
        metrics.ownership("created");
        return this.#own.add(claim, room, { kind: "new" });
      } catch (error) {
        // No room can be made here; the claim must not keep the code.
        this.ownership.drop(claim);
        throw error;
      }
    }
  }

  /** Claims the room if its owner is gone for certain, and runs it here. One that is on its way here is waited for. */
  async claim(record: RoomRecord): Promise<RoutedRoom | undefined> {
    await this.#inheritance.arrival(record.code);
    const route = this.#routes.get(record.code);
    return route?.place === "local" ? route : this.#claimNow(record);
  }

  /** One attempt at a time for each room, whoever asks. */
  #claimNow(record: RoomRecord): Promise<RoutedRoom | undefined> {
    const running = this.#claiming.get(record.code);
    if (running) return running;
    const attempt = this.#takeOver(record).finally(() => this.#claiming.delete(record.code));
    this.#claiming.set(record.code, attempt);
    return attempt;
  }

  handOff(code: RoomCode, heir: ServerId): Promise<HandOff> {
    return this.#handOffs.handOff(code, heir);
  }

  /** Tells the owner of a room that nobody hears it. */
  remind({ code, owner }: RoomRecord): void {
    this.#inbox.send(owner.id as ServerId, { kind: "silent", code });
  }

  /** The way to a room of another server. */
  routeTo(record: RoomRecord): RoutedRoom {
    const route = this.#routes.of(record);
    // An owner that has not renewed its lease may be gone: whoever comes back from it need not wait as if it had just been heard.
    const quietMs = Math.max(0, LEASE_MS - record.leaseLeftMs);
    if (route.place === "nowhere") route.becomeRemote(record.owner, record.epoch, quietMs);
    else route.follow(record.owner, record.epoch);
    return route;
  }

  /** Leaves every room to whoever comes next, in its last state. What Redis does not take runs out by itself. */
  async giveUpAll(): Promise<void> {
    await this.#handOffs.idle();
    this.#closed = true;
    await this.#own.giveUpAll();
  }

  close(): void {
    this.#closed = true;
    this.#own.close();
    this.#inheritance.close();
    this.#inbox.close();
    this.#routes.close();
  }

  async #takeOver(record: RoomRecord): Promise<RoutedRoom | undefined> {
    const { store, host, log, metrics } = this.#deps;
    const { code, birth, owner, waters } = record;
    if (!this.#mayClaim(record)) return undefined;
    const answer = await store.takeOver(code, record.epoch, this.#self);
    if (!answer.taken) return undefined;
    const claim = { code, epoch: answer.epoch, owner: this.#self, birth, waters };
    if (this.#closed) {
      // This server is going: whoever comes next need not wait for a lease. If Redis does not take it, the lease runs out by itself.
      await store.free(claim, answer.checkpoint).catch(() => {});
      return undefined;
    }
    try {
      const room = host.adopt(code, answer.epoch, answer.checkpoint, this.#routes.get(code)?.newestTick ?? 0);
      log.info({ room: code, epoch: answer.epoch, from: owner.id, tick: room.tick }, "took a room over");
      metrics.ownership("taken-over");
      return this.#own.add(claim, room, { kind: "taken-over" });
    } catch (error) {
      log.error({ room: code, err: error }, "a room could not be taken over from its checkpoint");
      this.ownership.drop(claim);
      this.#routes.get(code)?.end("room-closed");
      return undefined;
    }
  }

  /** What this server must know of itself; what must be true of the owner, the store checks. */
  #mayClaim({ code, owner, leaseLeftMs }: RoomRecord): boolean {
    if (this.#closed || this.#deps.host.get(code)) return false;
    if (owner.id === this.#self.id) return true;
    if (this.ownership.contactMs < CLAIM_CONTACT_MS) return false;
    const expiredForMs = -leaseLeftMs;
    return expiredForMs >= (this.#deps.isDraining() ? DRAINING_CLAIM_DELAY_MS : 0);
  }

  #heard(message: InboxMessage): void {
    switch (message.kind) {
      case "prepare":
        void this.#inheritance.prepare(message);
        break;
      case "prepared":
        this.#handOffs.answered(message);
        break;
      case "resume":
        void this.#inheritance.resume(message);
        break;
      case "silent":
        void this.#inheritance.look(message.code);
        break;
    }
  }

  #hasRoomFor(code: RoomCode): boolean {
    const { host, isReady } = this.#deps;
    return isReady() && !this.#closed && this.ownership.reachable && !host.full && !host.get(code);
  }

  #inherit(resume: Resume, kept: readonly Uint8Array[]): void {
    const { host, log, metrics } = this.#deps;
    const { code, birth, epoch, waters, from, checkpoint, dueInMs } = resume;
    if (this.#closed || host.get(code) || this.#claiming.has(code)) return;
    const claim = { code, epoch, owner: this.#self, birth, waters };
    try {
      const room = host.adopt(code, epoch, checkpoint, this.#routes.get(code)?.newestTick ?? 0, dueInMs);
      log.info({ room: code, epoch, from: from.id }, "inherited a room");
      metrics.ownership("inherited");
      this.#own.add(claim, room, { kind: "handed-over", kept });
    } catch (error) {
      log.error({ room: code, from: from.id, err: error }, "an inherited room cannot be read here, and goes back");
      void this.#return(claim, resume);
    }
  }

  /** Makes the former owner, which can read it, the owner again. */
  async #return(claim: RoomClaim, { from, checkpoint, dueInMs }: Resume): Promise<void> {
    const { store, log } = this.#deps;
    try {
      if (!(await store.handOver(claim, from, checkpoint)).handedOver) return;
      const { code, birth, epoch, waters } = claim;
      const bequest = { code, birth, epoch: epoch + 1, waters };
      this.#inbox.send(from.id as ServerId, { kind: "resume", from: this.#self, dueInMs, checkpoint, ...bequest });
    } catch (error) {
      log.error({ room: claim.code, err: error }, "a room that cannot be read here could not be returned");
    }
  }
}
