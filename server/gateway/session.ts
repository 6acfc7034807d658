// One socket of one player, from its admission to its end: joins a room, feeds inputs in, hands snapshots out.
//
//   lobby --join--> joining --granted--> seated --leave--> lobby        any --end--> closed

import type { Logger } from "pino";
import {
  decodeInput,
  type JoinAnswer,
  type Path,
  parseJoinRequest,
  type RefusalCode,
  type Release,
  refusal,
  type ServerLabel,
} from "../../game/protocol/index.ts";
import { TICK_RATE } from "../../game/sim/index.ts";
import type { PlayerId, RoomPort, SeatAnswer, SeatRequest } from "../room/room-port.ts";
import type { Receiver, RoomFanout } from "./fanout.ts";
import { FlowWindow } from "./flow-window.ts";
import { MessageBudget } from "./message-budget.ts";
import type { MoveOffer } from "./move-ticket.ts";
import type { FrameGate } from "./packet-parser.ts";
import type { PlayerSocket } from "./player-socket.ts";
import { Refused, refusalOf } from "./refused.ts";
import { endOthers, type SeatTaken, takeSeat } from "./seat-taking.ts";
import type { Admission, SessionContext } from "./session-context.ts";
import { MOVES_SINCE_PROTOCOL, SessionMoves } from "./session-moves.ts";
import type { WireFrame } from "./snapshot-writer.ts";

/** In an arena a player is given the whole roster again no more often than this, milliseconds. */
const ROSTER_REPEAT_MS = 1_000;

interface SeatHeld {
  port: RoomPort;
  fanout: RoomFanout;
  request: SeatRequest;
  seat: number;
}

type SessionState =
  | { kind: "lobby" }
  | { kind: "joining"; cancelled: boolean }
  | ({ kind: "seated" } & SeatHeld)
  | { kind: "closed" };

export class Session implements Receiver, FrameGate {
  readonly #context: SessionContext;
  readonly #socket: PlayerSocket;
  readonly #admission: Admission;
  readonly #budget: MessageBudget;
  readonly #onEnded: () => void;
  readonly #connectionLog: Logger;
  /** Names the room as well, while there is one. */
  #log: Logger;
  #state: SessionState = { kind: "lobby" };
  /** A seat was given up here, so its last inputs may still be on their way. */
  #wasSeated = false;
  #refused = false;
  #rosterRepeatedAtMs = Number.NEGATIVE_INFINITY;
  readonly #flow = new FlowWindow();
  readonly #moves: SessionMoves;

  constructor(context: SessionContext, socket: PlayerSocket, admission: Admission, log: Logger, onEnded: () => void) {
    this.#context = context;
    this.#socket = socket;
    this.#admission = admission;
    this.#budget = new MessageBudget(context.clock);
    this.#moves = new SessionMoves(context);
    this.#onEnded = onEnded;
    this.#connectionLog = log;
    this.#log = log;
  }

  get place(): SessionState["kind"] {
    return this.#state.kind;
  }

  /** The room that this session is seated in. */
  get seatedIn(): RoomPort | undefined {
    return this.#state.kind === "seated" ? this.#state.port : undefined;
  }

  get player(): PlayerId {
    return this.#admission.player;
  }

  get connection(): string {
    return this.#socket.id;
  }

  /** Milliseconds since the player came here by a move; infinite for those who came by themselves. */
  get movedAgoMs(): number {
    return this.#moves.movedAgoMs;
  }

  /** Whether the player's page can go on over another connection. */
  get isMovable(): boolean {
    return this.#state.kind === "seated" && this.#admission.protocol >= MOVES_SINCE_PROTOCOL;
  }

  /** Offers the player another connection. A later offer replaces an earlier one. */
  async offerMove(offer: MoveOffer): Promise<void> {
    const state = this.#state;
    if (state.kind !== "seated" || !this.isMovable) return;
    const { player, connection } = this;
    const move = await this.#moves.prepare({ player, room: state.port.code, connection }, offer);
    if (this.#state !== state) return;
    this.#socket.emit("move", move);
    this.#moves.offered(offer, () => void (this.#state === state && this.#confirm(state)));
  }

  /** Tells the player's page which version the servers have come to. */
  tellRelease(release: Release): void {
    if (this.#state.kind === "seated") this.#socket.emit("release", release);
  }

  /** Says why and ends the socket. */
  refuse(code: RefusalCode): void {
    if (this.#state.kind === "closed") return;
    this.#refused = true;
    this.#context.metrics.refused(code);
    this.#log.info({ event: "closing", code });
    this.#socket.emit("closing", refusal(code));
    this.#socket.close();
  }

  // Called for what the player's connection says.

  async join(raw: unknown, ack: unknown): Promise<void> {
    if (typeof ack !== "function") return this.refuse("bad-frame");
    const answer = (value: JoinAnswer) => ack(value);
    const request = parseJoinRequest(raw);
    if (request === "bad-frame") return this.refuse("bad-frame");
    if (typeof request === "string") return answer(this.#refusedJoin(request));
    if (request.confirms) this.#flow.use();
    if (this.#state.kind !== "lobby") return answer(this.#refusedJoin("already-seated"));
    if (this.#context.isDraining()) return answer(this.#refusedJoin("draining"));
    const joining = { kind: "joining" as const, cancelled: false };
    this.#state = joining;
    try {
      const { player, areas } = this.#admission;
      const who = { player, connection: this.#socket.id, ...(areas && { areas }) };
      const taken = await takeSeat(this.#context, who, request, () => this.#isStill(joining));
      if (taken && this.#isStill(joining)) this.#seated(taken, answer);
      else if (taken) this.#giveBack(taken, joining.cancelled);
    } catch (error) {
      const refused = refusalOf(error, "unavailable");
      if (refused.code === "unavailable") this.#log.warn({ event: "join-failed", err: error });
      if (this.#isStill(joining)) this.#state = { kind: "lobby" };
      answer(this.#refusedJoin(refused.code));
    }
    if (joining.cancelled && this.#isOpen()) this.#state = { kind: "lobby" };
  }

  leave(): void {
    const state = this.#state;
    if (state.kind === "joining") state.cancelled = true;
    if (state.kind !== "seated") return;
    this.#context.fanouts.leave(state.fanout, this);
    state.port.leave(this.#admission.player);
    this.#socket.leave(state.port.code, this.#admission.player);
    this.#state = { kind: "lobby" };
    this.#log = this.#connectionLog;
  }

  ping(number: unknown, ack: unknown): void {
    if (typeof ack === "function" && typeof number === "number") {
      this.#flow.confirmed(number);
      ack(number);
    } else this.refuse("bad-frame");
  }

  /** The player missed something and needs a keyframe. */
  restart(): void {
    if (this.#state.kind === "seated") {
      this.#state.fanout.restart(this);
      if (this.#state.port.waters === "arena") void this.#repeatRoster(this.#state);
    } else if (!this.#wasSeated) this.refuse("not-seated");
  }

  /** The connection is gone. `byServer`: not the player ended it, nor the network. `isLost`: neither of them said goodbye. */
  ended(reason: string, byServer = false, isLost = false): void {
    const state = this.#state;
    this.#state = { kind: "closed" };
    this.#onEnded();
    this.#log.info({ event: "disconnected", reason });
    // Who was offered another connection may have it already.
    if (isLost && state.kind === "seated" && !this.#moves.isOffered) this.#context.metrics.lost();
    this.#moves.ended({ superseded: byServer && !this.#refused, byItself: !byServer });
    if (state.kind !== "seated") return;
    this.#context.fanouts.leave(state.fanout, this);
    state.port.away(this.#admission.player, state.request.connection);
  }

  // FrameGate: called by the parser for what comes in.

  message(sizeBytes: number): void {
    this.#context.metrics.messageIn(sizeBytes);
    if (!this.#budget.spend()) throw new Refused("too-many-messages");
  }

  input(frame: Uint8Array): void {
    const read = decodeInput(frame);
    if (!read) throw new Refused("bad-frame");
    if (this.#state.kind === "seated") this.#state.port.input(this.#admission.player, frame, read);
    else if (!this.#wasSeated) throw new Refused("not-seated");
  }

  // Receiver: called by the fan-out for what goes out.

  get drained(): boolean {
    return !this.#flow.isFull && this.#socket.drained;
  }

  write(frame: WireFrame): void {
    this.#flow.sent(frame.payload.length);
    this.#socket.write(frame);
  }

  path(owner: ServerLabel, epoch: number): void {
    if (this.#state.kind !== "seated") return;
    this.#socket.emit("path", this.#path(owner, epoch));
    // A remote owner is told by the cluster who sits here; one in this process hears it from the sessions.
    if (owner.id === this.#context.self.id) void this.#confirm(this.#state);
  }

  roomClosed(code: RefusalCode): void {
    this.refuse(code);
  }

  seatLost(player: PlayerId, code: RefusalCode): void {
    if (player === this.#admission.player) this.refuse(code);
  }

  #seated(taken: SeatTaken, answer: (value: JoinAnswer) => void): void {
    const { port, request, grant, replaces } = taken;
    const { player, token } = this.#admission;
    const { cluster, delivery, fanouts } = this.#context;
    this.#log = this.#connectionLog.child({ room: port.code });
    this.#log.info({ event: "seated", seat: grant.seat, resumed: grant.resumed, owner: port.owner.id });
    this.#socket.enter(port.code, player);
    endOthers(delivery, taken);
    if (replaces !== undefined) this.#moves.arrived(replaces);
    answer({
      ok: true,
      room: port.code,
      seat: grant.seat,
      player,
      token,
      tickRate: TICK_RATE,
      resumed: grant.resumed,
      inputsReceived: grant.inputsReceived,
      roster: grant.roster,
      ...(port.waters === "arena" && { waters: port.waters }),
      path: this.#path(port.owner, port.epoch),
    });
    this.#wasSeated = true;
    this.#state = { kind: "seated", port, request, seat: grant.seat, fanout: fanouts.enter(port, this, grant.seat) };
    const release = this.#context.release();
    if (release) this.tellRelease(release);
    cluster
      .rememberRoomOf(player, port.code)
      .catch((error) => this.#log.debug({ event: "not-remembered", err: error }));
  }

  /** The seat came too late: the socket is gone, or its player changed their mind. */
  #giveBack(taken: SeatTaken, unwanted: boolean): void {
    if (unwanted) taken.port.leave(this.#admission.player);
    else taken.port.away(this.#admission.player, taken.request.connection);
  }

  /** A new owner may not know of a seat that was taken after its checkpoint; and it waits for a sign of life from those it knows. */
  async #confirm(held: SeatHeld): Promise<SeatAnswer | undefined> {
    const answer = await held.port.join(held.request);
    if (this.#state.kind !== "seated" || this.#state.port !== held.port) {
      if (answer.ok) held.port.away(this.#admission.player, held.request.connection);
      return undefined;
    }
    // Without an answer the seat is confirmed by the next input instead.
    const lost = answer.ok ? !answer.resumed || answer.seat !== held.seat : answer.code !== "unavailable";
    if (lost) this.refuse("unavailable");
    return answer;
  }

  /** Five hundred names for one who has missed a change of them. During a move the seat is not claimed again, and the other connection brings them. */
  async #repeatRoster(held: SeatHeld): Promise<void> {
    const nowMs = this.#context.clock.now();
    if (this.#moves.isOffered || nowMs - this.#rosterRepeatedAtMs < ROSTER_REPEAT_MS) return;
    this.#rosterRepeatedAtMs = nowMs;
    const answer = await this.#confirm(held);
    if (answer?.ok) this.#socket.emit("roster", answer.roster);
  }

  #path(owner: ServerLabel, epoch: number): Path {
    const { traceId } = this.#socket;
    return { gateway: this.#context.self, owner, epoch, ...(traceId !== undefined && { traceId }) };
  }

  #refusedJoin(code: RefusalCode): JoinAnswer {
    this.#context.metrics.refused(code);
    return { ok: false, ...refusal(code) };
  }

  #isStill(joining: { cancelled: boolean }): boolean {
    return this.#state === joining && !joining.cancelled;
  }

  #isOpen(): boolean {
    return this.#state.kind !== "closed";
  }
}
