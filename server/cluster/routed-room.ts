// The port that gateways hold: the same object for as long as the room lives, wherever it runs. It passes on to the room in this process
// or to the relay, and brings the players here along when the room changes its place.

import type { InputFrame, RefusalCode, ServerLabel } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import type { Clock } from "../clock.ts";
import type {
  OwnedRoom,
  PlayerId,
  RoomCode,
  RoomListener,
  RoomPort,
  SeatAnswer,
  SeatRequest,
  ServerId,
} from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { type Goodbyes, MovingRoom } from "./moving-room.ts";
import { RemoteRoom } from "./remote-room.ts";
import { SeatsHere } from "./seats-here.ts";
import type { ClusterMetrics } from "./telemetry.ts";

export interface RoutedRoomDependencies {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly metrics: ClusterMetrics;
  readonly gateway: ServerId;
  readonly code: RoomCode;
  /** See RoomClaim. */
  readonly birth: string;
  readonly waters: WatersKind;
  /** The room is over, or remote and of no interest to anybody here; it is not to be handed out any more. */
  readonly onRetired: (room: RoutedRoom) => void;
}

type Target =
  | { place: "local"; room: OwnedRoom; detach: () => void }
  | { place: "remote"; room: RemoteRoom }
  | { place: "moving"; room: MovingRoom }
  | { place: "nowhere"; refusal: RefusalCode };

/** A room may move this often while one join waits for its answer. */
const JOIN_MOVES_MAX = 4;

export class RoutedRoom implements RoomPort {
  readonly code: RoomCode;
  readonly birth: string;
  readonly waters: WatersKind;
  readonly seats = new SeatsHere();
  readonly #deps: RoutedRoomDependencies;
  readonly #listeners = new Set<RoomListener>();
  #target: Target = { place: "nowhere", refusal: "unavailable" };
  #owner: ServerLabel = { id: "", version: "" };
  #epoch = 0;
  #newestTick = 0;

  constructor(deps: RoutedRoomDependencies) {
    this.#deps = deps;
    this.code = deps.code;
    this.birth = deps.birth;
    this.waters = deps.waters;
  }

  get owner(): ServerLabel {
    return this.#owner;
  }
  get epoch(): number {
    return this.#epoch;
  }
  get place(): Target["place"] {
    return this.#target.place;
  }
  /** Highest tick that was seen here, in any epoch. */
  get newestTick(): number {
    return this.#target.place === "remote" ? this.#target.room.newestTick : this.#newestTick;
  }
  /** Milliseconds without a frame from another server while somebody here waits for one; else 0. */
  get silentForMs(): number {
    return this.#target.place === "remote" ? this.#target.room.silentForMs : 0;
  }

  async join(request: SeatRequest): Promise<SeatAnswer> {
    for (let moves = 0; moves < JOIN_MOVES_MAX; moves++) {
      const target = this.#target;
      if (target.place === "nowhere") return { ok: false, code: target.refusal };
      const answer = await target.room.join(request);
      if (answer === "moved" || this.#target !== target) continue;
      if (answer.ok) this.seats.take(request, answer.seat);
      return answer;
    }
    return { ok: false, code: "unavailable" };
  }

  input(player: PlayerId, frame: Uint8Array, read?: InputFrame): void {
    if (this.#target.place !== "nowhere") this.#target.room.input(player, frame, read);
  }

  away(player: PlayerId, connection: string): void {
    this.seats.gone(player, connection);
    if (this.#target.place !== "nowhere") this.#target.room.away(player, connection);
  }

  leave(player: PlayerId): void {
    this.seats.remove(player);
    if (this.#target.place !== "nowhere") this.#target.room.leave(player);
  }

  wantKeyframe(): void {
    if (this.#target.place !== "nowhere") this.#target.room.wantKeyframe();
  }

  listen(listener: RoomListener): () => void {
    this.#listeners.add(listener);
    if (this.#target.place === "remote") this.#target.room.heard();
    return () => this.#listeners.delete(listener);
  }

  /** The room is sealed, and about to go on here or elsewhere: what players here do meanwhile is kept. */
  becomeMoving(): void {
    this.#leaveTarget();
    this.#target = { place: "moving", room: new MovingRoom(this.seats) };
  }

  /** The room runs in this process from now on: new, or taken over; then it gets the inputs again that its checkpoint may lack. */
  becomeLocal(room: OwnedRoom): void {
    const sayGoodbyes = this.#leaveTarget();
    this.#target = { place: "local", room, detach: room.listen(this.#toListeners) };
    this.#setPath(room.owner, room.epoch);
    for (const { request } of this.seats.list()) {
      for (const frame of this.seats.unsettled(request.player, this.#newestTick)) room.input(request.player, frame);
    }
    sayGoodbyes(room);
  }

  /** The room runs on another server, of which nothing has been heard for `quietMs`. Players here are introduced to it. */
  becomeRemote(owner: ServerLabel, epoch: number, quietMs = 0): void {
    const sayGoodbyes = this.#leaveTarget();
    const { clock, bus, metrics, gateway, code, waters } = this.#deps;
    const hooks = {
      listener: this.#toListeners,
      isHeard: () => this.#listeners.size > 0,
      onIdle: () => this.#retire("unavailable"),
    };
    const deps = { clock, bus, metrics, gateway, code, waters, seats: this.seats, ...hooks };
    const room = new RemoteRoom(deps, owner, epoch, this.#newestTick, quietMs);
    this.#target = { place: "remote", room };
    this.#setPath(owner, epoch);
    if (this.#listeners.size > 0) room.heard();
    sayGoodbyes(room);
  }

  /** A higher epoch was seen in the directory. */
  follow(owner: ServerLabel, epoch: number): void {
    if (this.#target.place === "remote") this.#target.room.follow(owner, epoch);
  }

  /** The room is over for everybody here. */
  end(code: RefusalCode): void {
    if (this.#target.place === "nowhere") return;
    this.#retire(code);
    for (const listener of [...this.#listeners]) listener.closed(code);
  }

  /** Without telling anybody, when the server goes. */
  close(): void {
    this.#leaveTarget();
  }

  readonly #toListeners: Required<RoomListener> = {
    frame: (frame) => {
      this.#newestTick = Math.max(this.#newestTick, frame.tick);
      for (const listener of this.#listeners) listener.frame(frame);
    },
    path: ({ owner, epoch }) => this.#setPath(owner, epoch),
    closed: (code) => this.end(code),
    seatLost: (player, code) => {
      for (const listener of this.#listeners) listener.seatLost?.(player, code);
    },
  };

  #setPath(owner: ServerLabel, epoch: number): void {
    this.#owner = owner;
    this.#epoch = epoch;
    for (const listener of this.#listeners) listener.path({ owner, epoch });
  }

  #retire(refusal: RefusalCode): void {
    this.#leaveTarget();
    this.#target = { place: "nowhere", refusal };
    this.#deps.onRetired(this);
  }

  /** The answer passes on to the next target what was left to say at this one. */
  #leaveTarget(): (next: Goodbyes) => void {
    const target = this.#target;
    this.#newestTick = this.newestTick;
    this.#target = { place: "nowhere", refusal: "unavailable" };
    if (target.place === "local") target.detach();
    if (target.place === "remote") target.room.close();
    return target.place === "moving" ? target.room.end() : () => {};
  }
}
