// The owner's side of a room's channels: hears what other gateways ask for their players, and publishes frames while any of them has a
// player in the room. Knows nothing of leases.

import type { RefusalCode, ServerLabel } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { OwnedRoom, PlayerId, RoomFrame, SeatRequest, ServerId } from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { downChannel, upChannel } from "./channels.ts";
import { type DownMessage, decodeRelay, encodeRelay, type Presence, type UpMessage } from "./envelope.ts";
import { INPUT_RING_MAX } from "./limits.ts";
import type { ClusterMetrics } from "./telemetry.ts";
import { PRESENCE_CROSSING_MS, PRESENCE_EXPIRY_MS, PRESENCE_INTERVAL_MS } from "./timing.ts";

export interface RoomRelayDependencies {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly metrics: ClusterMetrics;
  readonly self: ServerLabel;
  readonly room: OwnedRoom;
  /** Whether a socket on this server has that player's seat. */
  readonly isHere: (player: PlayerId) => boolean;
}

/** A remote player and the socket that speaks for it. */
interface Voice {
  gateway: ServerId;
  connection: string;
  sinceMs: number;
}

export class RoomRelay {
  readonly #deps: RoomRelayDependencies;
  readonly #epoch: number;
  readonly #voices = new Map<PlayerId, Voice>();
  readonly #gatewayHeardAtMs = new Map<ServerId, number>();
  /** Inputs of players whose return to their seat is not decided yet. */
  readonly #returning = new Map<PlayerId, Uint8Array[]>();
  /** Players whose join is not answered yet. */
  readonly #joining = new Set<PlayerId>();
  readonly #subscription: Promise<() => void>;
  readonly #stops: (() => void)[];
  #stopTimer: () => void = () => {};
  #busUpSinceMs: number;
  /** Until then gateways that have players may not have said so, and frames go out in any case. */
  readonly #graceUntilMs: number;
  #graceOver: boolean;
  #keyframeWanted = true;
  #previousTick = -1;
  #closed = false;

  /** `takenOver`: the room may have players at gateways that have yet to speak up. */
  constructor(deps: RoomRelayDependencies, takenOver: boolean) {
    this.#deps = deps;
    this.#epoch = deps.room.epoch;
    const nowMs = deps.clock.now();
    this.#busUpSinceMs = nowMs;
    this.#graceUntilMs = takenOver ? nowMs + PRESENCE_EXPIRY_MS : nowMs;
    this.#graceOver = !takenOver;
    this.#subscription = deps.bus.subscribe(upChannel(deps.room.code), (bytes) => this.#receive(bytes));
    void this.#subscription.then(() => this.#sayPath());
    this.#stops = [
      deps.bus.onReturn(() => this.#busReturned()),
      deps.room.listen({
        frame: (frame) => this.#frame(frame),
        path() {},
        closed: (code) => this.#send({ kind: "closed", epoch: this.#epoch, code }),
      }),
    ];
    this.#sweepLater();
  }

  /** Players whose gateway is another server. */
  get remotePlayers(): number {
    return this.#voices.size;
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
    for (const stop of this.#stops) stop();
    void this.#subscription.then((unsubscribe) => unsubscribe());
  }

  #frame(frame: RoomFrame): void {
    const previousTick = this.#previousTick;
    this.#previousTick = frame.tick;
    if (this.#voices.size === 0 && this.#graceOver) return;
    const keyframe = this.#keyframeWanted || !frame.delta ? frame.keyframe?.() : undefined;
    if (keyframe) this.#keyframeWanted = false;
    const parts = { ...(frame.delta && { delta: frame.delta }), ...(keyframe && { keyframe }) };
    this.#send({ kind: "frame", epoch: this.#epoch, tick: frame.tick, previousTick, ...parts });
  }

  #receive(bytes: Uint8Array): void {
    const message = decodeRelay(bytes);
    // Another version's message, or nonsense: the sender asks again or times out. A higher epoch is not for this owner.
    if (!message || this.#closed || message.epoch > this.#epoch) return;
    this.#deps.metrics.relayed("in", message.kind, bytes.length);
    switch (message.kind) {
      case "join":
        this.#join(message);
        break;
      case "input":
        this.#input(message);
        break;
      case "away":
        this.#away(message.player, message.connection);
        break;
      case "leave":
        if (this.#voices.delete(message.player)) this.#deps.room.leave(message.player);
        break;
      case "keyframe":
        this.#keyframeWanted = true;
        this.#deps.room.wantKeyframe();
        break;
      case "presence":
        this.#presence(message);
        break;
    }
  }

  async #join({ requestId, request }: Extract<UpMessage, { kind: "join" }>): Promise<void> {
    if (request.gateway === this.#deps.self.id) return;
    this.#joining.add(request.player);
    const answer = await this.#deps.room.join(request);
    this.#joining.delete(request.player);
    if (this.#closed) return;
    if (answer.ok) this.#hear(request);
    this.#send({ kind: "answer", epoch: this.#epoch, gateway: request.gateway, requestId, answer });
  }

  /** Only in its own epoch: after a change of owner, a gateway first sends again what the new one lacks, and new inputs after that. */
  #input({ epoch, player, frame }: Extract<UpMessage, { kind: "input" }>): void {
    if (epoch !== this.#epoch) return;
    const waiting = this.#returning.get(player);
    if (waiting) {
      if (waiting.length < INPUT_RING_MAX) waiting.push(frame.slice());
      return;
    }
    if (this.#voices.has(player)) this.#deps.room.input(player, frame);
  }

  #away(player: PlayerId, connection: string): void {
    if (this.#voices.get(player)?.connection !== connection) return;
    this.#voices.delete(player);
    this.#deps.room.away(player, connection);
  }

  #presence({ epoch, presence }: Extract<UpMessage, { kind: "presence" }>): void {
    const { gateway, seats } = presence;
    if (gateway === this.#deps.self.id) return;
    if (epoch < this.#epoch) {
      this.#sayPath();
      return;
    }
    this.#gatewayHeardAtMs.set(gateway, this.#deps.clock.now());
    for (const request of seats) {
      const { player } = request;
      // A player whom somebody else speaks for has moved on: this is an older tab's word, and it is about to close.
      if (this.#voices.has(player) || this.#returning.has(player) || this.#deps.isHere(player)) continue;
      void this.#return(request);
    }
    this.#missing(presence);
  }

  /** A player whom the gateway speaks for, and this owner does not know: back to the seat that the room's last owner gave. */
  async #return(request: SeatRequest): Promise<void> {
    const { player, gateway } = request;
    this.#returning.set(player, []);
    const answer = await this.#deps.room.join(request);
    const inputs = this.#returning.get(player) ?? [];
    this.#returning.delete(player);
    if (this.#closed) return;
    if (answer.ok && answer.resumed) {
      this.#hear(request);
      for (const frame of inputs) this.#deps.room.input(player, frame);
      return;
    }
    // A newer socket joins meanwhile: the seat is its own, and it supersedes the older one.
    if (this.#joining.has(player)) return;
    if (answer.ok) this.#deps.room.leave(player);
    const code: RefusalCode = answer.ok ? "unavailable" : answer.code;
    this.#send({ kind: "seat-lost", epoch: this.#epoch, gateway, player, code });
  }

  /** Players whose `away` or `leave` was lost on the way. */
  #missing({ gateway, seats }: Presence): void {
    const present = new Set(seats.map((seat) => seat.player));
    const settledBeforeMs = this.#deps.clock.now() - PRESENCE_CROSSING_MS;
    for (const [player, voice] of this.#voices) {
      if (voice.gateway !== gateway || present.has(player) || voice.sinceMs > settledBeforeMs) continue;
      this.#away(player, voice.connection);
    }
  }

  #hear({ player, gateway, connection }: SeatRequest): void {
    const nowMs = this.#deps.clock.now();
    this.#voices.set(player, { gateway, connection, sinceMs: nowMs });
    this.#gatewayHeardAtMs.set(gateway, nowMs);
    this.#keyframeWanted = true;
  }

  #busReturned(): void {
    this.#busUpSinceMs = this.#deps.clock.now();
    this.#keyframeWanted = true;
    this.#sayPath();
  }

  #sayPath(): void {
    if (!this.#closed) this.#send({ kind: "path", epoch: this.#epoch, owner: this.#deps.self });
  }

  #sweepLater(): void {
    this.#stopTimer = this.#deps.clock.after(PRESENCE_INTERVAL_MS, () => {
      // While the bus is away nobody can speak up, so nobody is given up.
      if (this.#deps.bus.connected) this.#sweep();
      this.#sweepLater();
    });
  }

  #sweep(): void {
    const nowMs = this.#deps.clock.now();
    for (const [player, { gateway, connection }] of this.#voices) {
      const heardAtMs = Math.max(this.#gatewayHeardAtMs.get(gateway) ?? 0, this.#busUpSinceMs);
      if (nowMs - heardAtMs > PRESENCE_EXPIRY_MS) this.#away(player, connection);
    }
    for (const [gateway, heardAtMs] of this.#gatewayHeardAtMs) {
      if (nowMs - heardAtMs > PRESENCE_EXPIRY_MS) this.#gatewayHeardAtMs.delete(gateway);
    }
    this.#graceOver ||= nowMs >= Math.max(this.#graceUntilMs, this.#busUpSinceMs + PRESENCE_EXPIRY_MS);
  }

  #send(message: DownMessage): void {
    const bytes = encodeRelay(message);
    this.#deps.metrics.relayed("out", message.kind, bytes.length);
    this.#deps.bus.publish(downChannel(this.#deps.room.code), bytes);
  }
}
