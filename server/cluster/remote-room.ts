// A room that runs on another server, as this gateway reaches it: inputs go up, frames come down. It follows the room from epoch to
// epoch, but does not decide that an owner is gone (succession.ts does).

import type { ServerLabel } from "../../game/protocol/index.ts";
import type { WatersKind } from "../../game/sim/index.ts";
import type { Clock } from "../clock.ts";
import type { PlayerId, RoomCode, RoomListener, SeatAnswer, SeatRequest, ServerId } from "../room/room-port.ts";
import { ArenaReader } from "./arena-reader.ts";
import type { Bus } from "./bus.ts";
import { downChannel, upChannel } from "./channels.ts";
import { type DownMessage, decodeRelay, encodeRelay, type NextInputs, type UpMessage } from "./envelope.ts";
import { PENDING_JOINS_MAX, PRESENCE_PLAYERS_MAX } from "./limits.ts";
import type { SeatsHere } from "./seats-here.ts";
import type { ClusterMetrics } from "./telemetry.ts";
import { JOIN_TIMEOUT_MS, PRESENCE_INTERVAL_MS, ROUTE_LINGER_MS, WATCH_INTERVAL_MS } from "./timing.ts";

export interface RemoteRoomDependencies {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly metrics: ClusterMetrics;
  readonly gateway: ServerId;
  readonly code: RoomCode;
  readonly waters: WatersKind;
  readonly seats: SeatsHere;
  /** Hears of frames, a new path, lost seats and the end. */
  readonly listener: Required<RoomListener>;
  /** Whether anybody listens, seated or not. */
  readonly isHeard: () => boolean;
  /** Nobody is seated, joining or listening any more; the subscription has been given up. */
  readonly onIdle: () => void;
}

interface PendingJoin {
  readonly request: SeatRequest;
  settle(answer: SeatAnswer | "moved"): void;
}

type FrameMessage = Extract<DownMessage, { kind: "frame" }>;

export class RemoteRoom {
  readonly #deps: RemoteRoomDependencies;
  readonly #joins = new Map<number, PendingJoin>();
  #owner: ServerLabel;
  #epoch: number;
  #subscription: Promise<() => void> | undefined;
  #stopTimer: () => void = () => {};
  #stopReturns: () => void = () => {};
  #nextRequestId = 1;
  #closed = false;
  #heardAtMs: number;
  #wantedAtMs: number;
  #keyframeAskedAtMs = Number.NEGATIVE_INFINITY;
  /** Highest tick that was seen in any epoch. */
  #newestTick: number;
  /** Of an arena, whose frames this gateway makes anew for its players. */
  readonly #reader: ArenaReader | undefined;
  /** Tick of the last frame that was passed on: the next delta must be a difference to it. */
  #passedTick = -1;

  /** `quietMs`: for how long nothing has been heard of the owner. */
  constructor(deps: RemoteRoomDependencies, owner: ServerLabel, epoch: number, newestTick: number, quietMs: number) {
    this.#deps = deps;
    this.#reader = deps.waters === "arena" ? new ArenaReader() : undefined;
    this.#owner = owner;
    this.#epoch = epoch;
    this.#newestTick = newestTick;
    this.#heardAtMs = this.#wantedAtMs = deps.clock.now();
    void this.#activate().then(() => {
      if (deps.seats.size > 0) this.#introduce();
    });
    this.#heardAtMs -= quietMs;
  }

  get owner(): ServerLabel {
    return this.#owner;
  }
  get epoch(): number {
    return this.#epoch;
  }
  get newestTick(): number {
    return this.#newestTick;
  }
  get active(): boolean {
    return this.#subscription !== undefined;
  }
  /** Milliseconds without a frame while somebody here waits for one; else 0. */
  get silentForMs(): number {
    const waiting = this.#deps.seats.size > 0 || this.#joins.size > 0;
    return waiting && this.active ? this.#deps.clock.now() - this.#heardAtMs : 0;
  }

  /** "moved": the room is no longer remote; ask where it is now. */
  async join(request: SeatRequest): Promise<SeatAnswer | "moved"> {
    if (this.#closed) return "moved";
    if (this.#joins.size >= PENDING_JOINS_MAX) return { ok: false, code: "unavailable" };
    const requestId = this.#nextRequestId++;
    const answer = new Promise<SeatAnswer | "moved">((resolve) => {
      const stopTimeout = this.#deps.clock.after(JOIN_TIMEOUT_MS, () => settle({ ok: false, code: "unavailable" }));
      const settle = (value: SeatAnswer | "moved") => {
        stopTimeout();
        this.#joins.delete(requestId);
        resolve(value);
      };
      this.#joins.set(requestId, { request, settle });
    });
    await this.#activate();
    if (this.#joins.has(requestId)) this.#send({ kind: "join", epoch: this.#epoch, requestId, request });
    return answer;
  }

  input(player: PlayerId, frame: Uint8Array): void {
    this.#deps.seats.keep(player, frame);
    this.#send({ kind: "input", epoch: this.#epoch, player, frame });
  }

  away(player: PlayerId, connection: string): void {
    this.#send({ kind: "away", epoch: this.#epoch, player, connection });
  }

  leave(player: PlayerId): void {
    this.#send({ kind: "leave", epoch: this.#epoch, player });
  }

  wantKeyframe(): void {
    const nowMs = this.#deps.clock.now();
    if (nowMs - this.#keyframeAskedAtMs < WATCH_INTERVAL_MS) return;
    this.#keyframeAskedAtMs = nowMs;
    this.#send({ kind: "keyframe", epoch: this.#epoch });
  }

  /** Somebody listens now: frames may already come for others here, so the subscription must be in force. */
  heard(): void {
    void this.#activate();
  }

  /** The room has gone on elsewhere; an older epoch than the known one is ignored. */
  follow(owner: ServerLabel, epoch: number, nextInputs?: NextInputs): void {
    if (this.#closed || epoch <= this.#epoch) return;
    this.#owner = owner;
    this.#epoch = epoch;
    this.#passedTick = -1;
    this.#deps.listener.path({ owner, epoch });
    this.#introduce(nextInputs);
  }

  close(): void {
    this.#closed = true;
    this.#deactivate();
    for (const join of [...this.#joins.values()]) join.settle("moved");
  }

  /** Says who is here, sends again what an owner may lack, and asks again what was not answered. In this order. */
  #introduce(nextInputs: NextInputs = {}): void {
    if (this.#closed) return;
    this.#sayWho();
    for (const { request } of this.#deps.seats.list()) {
      const { player } = request;
      for (const frame of this.#deps.seats.unsettled(player, this.#newestTick, nextInputs[player])) {
        this.#send({ kind: "input", epoch: this.#epoch, player, frame });
      }
    }
    for (const [requestId, { request }] of this.#joins)
      this.#send({ kind: "join", epoch: this.#epoch, requestId, request });
  }

  #sayWho(): void {
    const seats = this.#deps.seats.list().slice(0, PRESENCE_PLAYERS_MAX);
    const { gateway } = this.#deps;
    const presence = { gateway, seats: seats.map((seat) => seat.request), newestTick: this.#newestTick };
    this.#send({ kind: "presence", epoch: this.#epoch, presence });
  }

  #activate(): Promise<unknown> {
    this.#wantedAtMs = this.#deps.clock.now();
    if (this.#closed) return Promise.resolve();
    if (!this.#subscription) {
      this.#heardAtMs = this.#deps.clock.now();
      this.#subscription = this.#deps.bus.subscribe(downChannel(this.#deps.code), (bytes) => this.#receive(bytes));
      this.#stopReturns = this.#deps.bus.onReturn(() => this.#introduce());
      this.#keepAlive();
    }
    return this.#subscription;
  }

  #deactivate(): void {
    this.#stopTimer();
    this.#stopReturns();
    void this.#subscription?.then((unsubscribe) => unsubscribe());
    this.#subscription = undefined;
    this.#passedTick = -1;
  }

  #keepAlive(): void {
    this.#stopTimer = this.#deps.clock.after(PRESENCE_INTERVAL_MS, () => {
      const wanted = this.#deps.seats.size > 0 || this.#joins.size > 0 || this.#deps.isHeard();
      const nowMs = this.#deps.clock.now();
      if (wanted) this.#wantedAtMs = nowMs;
      if (nowMs - this.#wantedAtMs >= ROUTE_LINGER_MS) {
        this.#deactivate();
        this.#deps.onIdle();
        return;
      }
      if (wanted) this.#sayWho();
      this.#keepAlive();
    });
  }

  #receive(bytes: Uint8Array): void {
    const message = decodeRelay(bytes);
    // A message from another version of the relay, or nonsense: whoever sent it will be asked again by presence and timeouts.
    if (!message || this.#closed) return;
    this.#deps.metrics.relayed("in", message.kind, bytes.length);
    switch (message.kind) {
      case "frame":
        this.#frame(message);
        break;
      case "answer":
        this.#answer(message);
        break;
      case "path":
        // The same epoch again means that the owner was out of reach and may have missed something.
        if (message.epoch === this.#epoch) this.#introduce(message.nextInputs);
        else this.follow(message.owner, message.epoch, message.nextInputs);
        break;
      case "closed":
        if (message.epoch === this.#epoch) this.#deps.listener.closed(message.code);
        break;
      case "seat-lost":
        this.#seatLost(message);
        break;
    }
  }

  #frame(message: FrameMessage): void {
    if (message.epoch < this.#epoch) return;
    // A higher epoch that nobody told us about: the new owner answers a presence with its path.
    if (message.epoch > this.#epoch) {
      this.#sayWho();
      return;
    }
    this.#heardAtMs = this.#deps.clock.now();
    if (message.tick <= this.#newestTick) return;
    this.#newestTick = message.tick;
    const { epoch, tick, keyframe } = message;
    const delta = message.previousTick === this.#passedTick ? message.delta : undefined;
    const content = this.#reader?.read(delta, keyframe);
    if (this.#reader ? !content : !delta && !keyframe) {
      this.#passedTick = -1;
      this.wantKeyframe();
      return;
    }
    this.#passedTick = tick;
    const parts = {
      ...(delta && { delta }),
      ...(keyframe && { keyframe: () => keyframe }),
      ...(content && { content: () => content }),
    };
    this.#deps.listener.frame({ epoch, tick, ...parts });
  }

  #answer({ gateway, requestId, answer, epoch }: Extract<DownMessage, { kind: "answer" }>): void {
    const join = this.#joins.get(requestId);
    if (gateway !== this.#deps.gateway || !join || epoch < this.#epoch) return;
    join.settle(answer);
  }

  #seatLost({ epoch, gateway, player, code }: Extract<DownMessage, { kind: "seat-lost" }>): void {
    if (epoch !== this.#epoch || gateway !== this.#deps.gateway) return;
    this.#deps.seats.remove(player);
    this.#deps.listener.seatLost(player, code);
  }

  #send(message: UpMessage): void {
    const bytes = encodeRelay(message);
    this.#deps.metrics.relayed("out", message.kind, bytes.length);
    this.#deps.bus.publish(upChannel(this.#deps.code), bytes);
  }
}
