// The rooms that run on this server: each has a lease, checkpoints, a relay and its route, and gets and loses them together.

import type { ServerLabel } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { OwnedRoom, PlayerId, RoomCode, RoomHost, ServerId } from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { Estate } from "./hand-offs.ts";
import { Ownership } from "./ownership.ts";
import { type Origin, RoomRelay } from "./relay.ts";
import type { RoutedRoom } from "./routed-room.ts";
import type { Routes } from "./routes.ts";
import type { ClusterStore, RoomClaim, RoomRecord, ServerBeat } from "./store.ts";
import type { ClusterLog, ClusterMetrics } from "./telemetry.ts";

export interface OwnRoomsDependencies {
  readonly clock: Clock;
  readonly store: ClusterStore;
  readonly bus: Bus;
  readonly host: RoomHost;
  readonly self: ServerLabel & { id: ServerId };
  readonly log: ClusterLog;
  readonly metrics: ClusterMetrics;
  readonly routes: Routes;
  /** What the registry is told. */
  readonly describe: () => ServerBeat;
  /** Redis answers again after a break. */
  readonly onReturn: () => void;
  /** The room still runs, and will not in a moment. */
  readonly onLosing: (claim: RoomClaim, holder: RoomRecord) => void;
}

export class OwnRooms implements Estate {
  readonly ownership: Ownership;
  readonly #deps: OwnRoomsDependencies;
  readonly #checkpoints: Checkpoints;
  readonly #relays = new Map<RoomCode, RoomRelay>();

  constructor(deps: OwnRoomsDependencies) {
    this.#deps = deps;
    this.ownership = new Ownership({ ...deps, onLost: (claim, holder) => this.#lose(claim, holder) });
    this.#checkpoints = new Checkpoints({ ...deps, isReachable: () => this.ownership.reachable });
    deps.host.onClosed((code) => this.#roomClosed(code));
  }

  /** The room runs here from now on. */
  add(claim: RoomClaim, room: OwnedRoom, origin: Origin): RoutedRoom {
    const { clock, bus, host, metrics, self, routes } = this.#deps;
    const { code } = claim;
    const route = routes.of(claim);
    this.ownership.add(claim);
    this.#checkpoints.add(claim);
    const catchUp = (seenTick: number) => host.catchUp(code, seenTick);
    const connectionHere = (player: PlayerId) => route.seats.connectionOf(player);
    this.#relays.get(code)?.close();
    const label = { id: self.id, version: self.version };
    const relay = new RoomRelay({ clock, bus, metrics, self: label, room, catchUp, connectionHere }, origin);
    this.#relays.set(code, relay);
    route.becomeLocal(room);
    return route;
  }

  // Estate: what hand-offs do with a room.

  claimOf(code: RoomCode): RoomClaim | undefined {
    return this.ownership.get(code);
  }

  suspend(claim: RoomClaim): void {
    this.ownership.release(claim);
    this.#checkpoints.remove(claim.code);
    this.#relays.get(claim.code)?.seal();
    this.#deps.routes.get(claim.code)?.becomeMoving();
  }

  goOn(claim: RoomClaim): void {
    const { host, routes } = this.#deps;
    this.ownership.add(claim);
    this.#checkpoints.add(claim);
    routes.get(claim.code)?.becomeLocal(host.get(claim.code)!);
    this.#relays.get(claim.code)?.unseal();
    host.unseal(claim.code);
  }

  release(claim: RoomClaim, owner: ServerLabel, epoch: number): void {
    this.#deps.metrics.ownership("handed-off");
    this.#relays.get(claim.code)?.sendOn(epoch);
    this.#stop(claim.code);
    this.#deps.routes.get(claim.code)?.becomeRemote(owner, epoch);
  }

  discard(claim: RoomClaim): void {
    this.#deps.host.yield(claim.code);
    this.#roomClosed(claim.code);
  }

  /** Leaves every room to whoever comes next, in its last state. What Redis does not take runs out by itself. */
  async giveUpAll(): Promise<void> {
    await Promise.allSettled(this.ownership.list().map((claim) => this.#giveUp(claim)));
  }

  close(): void {
    this.ownership.close();
    this.#checkpoints.close();
    for (const relay of this.#relays.values()) relay.close();
  }

  /** A higher epoch is somebody else's, or another room has the code: this one stops at once. */
  #lose(claim: RoomClaim, holder: RoomRecord): void {
    const { log, metrics, routes, onLosing } = this.#deps;
    const { code } = claim;
    onLosing(claim, holder);
    this.#stop(code);
    const route = routes.get(code);
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
    this.#stop(code);
    const claim = this.ownership.get(code);
    if (claim) this.ownership.drop(claim);
    this.#deps.routes.get(code)?.end("room-closed");
  }

  async #giveUp(claim: RoomClaim): Promise<void> {
    const { host, store } = this.#deps;
    const room = host.get(claim.code);
    const checkpoint = room && room.players > 0 ? room.checkpoint() : undefined;
    this.#stop(claim.code);
    if (checkpoint) await store.free(claim, checkpoint);
    else await store.drop(claim);
  }

  #stop(code: RoomCode): void {
    this.#checkpoints.remove(code);
    this.#relays.get(code)?.close();
    this.#relays.delete(code);
    this.#deps.host.yield(code);
  }
}
