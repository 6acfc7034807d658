// The owner's side of a room's channels: hears what other gateways ask for their players, and publishes frames while any of them has a
// player in the room. Knows nothing of leases.

import type { RefusalCode, ServerLabel } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { OwnedRoom, PlayerId, RoomFrame, SeatRequest, SeatVoice, ServerId } from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { downChannel, upChannel } from "./channels.ts";
import {
  type DownMessage,
  decodeRelay,
  encodeRelay,
  inEpoch,
  type NextInputs,
  type Presence,
  type UpMessage,
} from "./envelope.ts";
import { INPUT_RING_MAX, SEALED_MESSAGES_MAX } from "./limits.ts";
import type { ClusterMetrics } from "./telemetry.ts";
import { CATCH_UP_MS, PRESENCE_CROSSING_MS, PRESENCE_EXPIRY_MS, PRESENCE_INTERVAL_MS } from "./timing.ts";

export interface RoomRelayDependencies {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly metrics: ClusterMetrics;
  readonly self: ServerLabel;
  readonly room: OwnedRoom;
  /** Players elsewhere have seen that tick of the room: whatever has become of it, its ticks do not go back. */
  readonly catchUp: (seenTick: number) => void;
  /** The newest connection on this server that has that player's seat. */
  readonly connectionHere: (player: PlayerId) => string | undefined;
}

/**
 * Where the room was before. "handed-over": its seats are what they were a moment ago, and `kept` came for it meanwhile; "taken-over": it
 * is from a checkpoint, and may have players at gateways that have yet to speak up.
 */
export type Origin = { kind: "new" } | { kind: "taken-over" } | { kind: "handed-over"; kept: readonly Uint8Array[] };

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
  /** Players who came with the room, and whose gateways have not spoken of them yet. */
  readonly #unconfirmed = new Set<PlayerId>();
  /** Players whose join is not answered yet. */
  readonly #joining = new Set<PlayerId>();
  readonly #subscription: Promise<() => void>;
  readonly #stops: (() => void)[];
  #stopTimer: () => void = () => {};
  #busUpSinceMs: number;
  /** Until then gateways that have players may not have said so, and frames go out in any case. */
  readonly #graceUntilMs: number;
  #graceOver: boolean;
  readonly #catchUpUntilMs: number;
  #keyframeWanted = true;
  #previousTick = -1;
  #closed = false;
  /** While the room is between two owners: what came for it, to be heeded here or sent on. */
  #kept: Uint8Array[] | undefined;

  constructor(deps: RoomRelayDependencies, origin: Origin) {
    this.#deps = deps;
    const takenOver = origin.kind !== "new";
    this.#epoch = deps.room.epoch;
    const nowMs = deps.clock.now();
    this.#busUpSinceMs = nowMs;
    this.#graceUntilMs = takenOver ? nowMs + PRESENCE_EXPIRY_MS : nowMs;
    this.#graceOver = !takenOver;
    this.#catchUpUntilMs = nowMs + CATCH_UP_MS;
    this.#subscription = deps.bus.subscribe(upChannel(deps.room.code), (bytes) => this.#receive(bytes));
    const voices = origin.kind === "handed-over" ? deps.room.voices() : [];
    const nextInputs = Object.fromEntries(voices.map(({ player, nextInput }) => [player, nextInput]));
    void this.#subscription.then(() => this.#sayPath(nextInputs));
    this.#stops = [
      deps.bus.onReturn(() => this.#busReturned()),
      deps.room.listen({
        frame: (frame) => this.#frame(frame),
        path() {},
        closed: (code) => this.#send({ kind: "closed", epoch: this.#epoch, code }),
      }),
    ];
    this.#sweepLater();
    if (origin.kind !== "handed-over") return;
    for (const voice of voices) {
      if (voice.gateway === deps.self.id) continue;
      this.#hear(voice);
      this.#unconfirmed.add(voice.player);
    }
    for (const bytes of origin.kept) this.#receive(bytes);
  }

  /** Players whose gateway is another server. */
  get remotePlayers(): number {
    return this.#voices.size;
  }

  /** Nothing is asked of the room any more; what comes is kept. */
  seal(): void {
    this.#kept = [];
  }

  /** The room goes on here. */
  unseal(): void {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const bytes of kept) this.#receive(bytes);
  }

  /** The room goes on elsewhere in that epoch, where what was kept is heard now. */
  sendOn(epoch: number): void {
    for (const bytes of this.#kept ?? [])
      this.#deps.bus.publish(upChannel(this.#deps.room.code), inEpoch(bytes, epoch));
    this.#kept = [];
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
    if (this.#kept) {
      if (this.#kept.length < SEALED_MESSAGES_MAX) this.#kept.push(bytes.slice());
      return;
    }
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
        this.#leave(message.player);
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
    const voice = this.#voices.get(player);
    if (voice ? voice.connection !== connection : this.#deps.connectionHere(player)) return;
    this.#voices.delete(player);
    this.#deps.room.away(player, connection);
  }

  /** Of somebody whom another socket here speaks for, it is an older socket's word. */
  #leave(player: PlayerId): void {
    if (this.#voices.delete(player) || !this.#deps.connectionHere(player)) this.#deps.room.leave(player);
  }

  #presence({ epoch, presence }: Extract<UpMessage, { kind: "presence" }>): void {
    const { gateway, seats } = presence;
    if (gateway === this.#deps.self.id) return;
    if (epoch < this.#epoch) {
      this.#sayPath();
      return;
    }
    this.#gatewayHeardAtMs.set(gateway, this.#deps.clock.now());
    // Later than that, players have begun to hear the room as it is: it does not leap for somebody who comes back from a fork.
    const isEarly = this.#deps.clock.now() < this.#catchUpUntilMs;
    if (isEarly && presence.newestTick !== undefined) this.#deps.catchUp(presence.newestTick);
    for (const request of seats) {
      const { player } = request;
      const known = this.#voices.get(player)?.connection ?? this.#deps.connectionHere(player);
      // A player whom somebody else speaks for has moved on: this is an older socket's word, and it is about to close.
      const isNews = known === undefined || known === request.replaces;
      const isConfirmation = known === request.connection && this.#unconfirmed.delete(player);
      if (!this.#returning.has(player) && (isNews || isConfirmation)) void this.#return(request);
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
    // A ticket is the business of the socket's first join, not of its return.
    const code: RefusalCode = answer.ok || answer.code === "bad-ticket" ? "unavailable" : answer.code;
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

  #hear({ player, gateway, connection }: Omit<SeatVoice, "nextInput">): void {
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

  #sayPath(nextInputs?: NextInputs): void {
    if (this.#closed) return;
    this.#send({ kind: "path", epoch: this.#epoch, owner: this.#deps.self, ...(nextInputs && { nextInputs }) });
  }

  #sweepLater(): void {
    this.#stopTimer = this.#deps.clock.after(PRESENCE_INTERVAL_MS, () => {
      // While the bus is away nobody can speak up, so nobody is given up.
      if (this.#deps.bus.connected && !this.#kept) this.#sweep();
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
