// One player's WebSocket through the load balancer: a Wire at the client's end, a PlayerSocket at the server's, and between them a
// network that delays, keeps the order, and can stall or break.

import type { Wire, WireEvents } from "../../client/net/wire.ts";
import {
  type JoinAnswer,
  type JoinRequest,
  type Path,
  parseMove,
  type Refusal,
  type Roster,
  type RosterChange,
} from "../../game/protocol/index.ts";
import type { Clock } from "../../server/clock.ts";
import { MemoryLane } from "../../server/cluster/memory-lane.ts";
import type { PlayerSocket, ServerEvents } from "../../server/gateway/player-socket.ts";
import { refusalOf } from "../../server/gateway/refused.ts";
import type { Session } from "../../server/gateway/session.ts";
import type { WireFrame } from "../../server/gateway/snapshot-writer.ts";
import type { PlayerId, RoomCode } from "../../server/room/room-port.ts";
import type { Random } from "./random.ts";

/** Round trips from the first byte to a Socket.IO handshake: TCP, TLS, the upgrade; the load balancer chooses a target with the last. */
const HANDSHAKE_ROUND_TRIPS = 3;
/** Engine.IO gives up a silent connection between these, milliseconds: a ping every 10 s, 8 s for the pong. */
const SILENCE_MIN_MS = 8_000;
const SILENCE_MAX_MS = 18_000;
/** Socket.IO's word for it. */
const ENDED_BY_SERVER = "server namespace disconnect";
/** About what a small message costs a session's budget; its bytes are counted, not limited, here. */
const SMALL_MESSAGE_BYTES = 64;

export interface NetworkPath {
  /** One way, milliseconds, and what chance adds to each message. */
  latencyMs: number;
  jitterMs: number;
}

export interface LineOptions {
  id: string;
  clock: Clock;
  random: Random;
  path: NetworkPath;
  events: WireEvents;
  /** The server's end is over. */
  onEnded: (line: Line) => void;
}

export class Line implements PlayerSocket {
  readonly id: string;
  readonly traceId = undefined;
  /** What is delivered to it. */
  room: RoomCode | undefined;
  player: PlayerId | undefined;
  readonly #options: LineOptions;
  readonly #up: MemoryLane;
  readonly #down: MemoryLane;
  #session: Session | undefined;
  #stalled = false;
  /** The client has let go, or was told of the end. */
  #isOverForClient = false;
  #isOverForServer = false;
  #cancelSilence: () => void = () => {};

  constructor(options: LineOptions) {
    this.id = options.id;
    this.#options = options;
    this.#up = new MemoryLane(options.clock);
    this.#down = new MemoryLane(options.clock);
  }

  /** Runs `arrived` when the upgrade request is at the load balancer. */
  dial(arrived: () => void): void {
    const { latencyMs } = this.#options.path;
    this.#up.send(HANDSHAKE_ROUND_TRIPS * 2 * latencyMs + this.#delayMs(), arrived);
  }

  /** The client's end. */
  get wire(): Wire {
    return {
      join: (request, answered) => this.#say((session) => this.#join(session, request, answered)),
      input: (frame) => this.#say((session) => session.input(frame), frame.length),
      askKeyframe: () => this.#say((session) => session.restart()),
      ping: (answered) => this.#say((session) => session.ping(1, () => this.#toClient(answered))),
      leave: () => this.#say((session) => session.leave()),
      close: () => {
        this.#isOverForClient = true;
        this.#up.send(this.#delayMs(), () => this.#endServer("client namespace disconnect"));
      },
    };
  }

  get isOverForServer(): boolean {
    return this.#isOverForServer;
  }
  get isOverForClient(): boolean {
    return this.#isOverForClient;
  }

  // What the server does with it.

  /** The handshake succeeded. */
  opened(session: Session): void {
    this.#session = session;
    if (this.#isOverForServer) session.ended("transport close");
    else this.#toClient(() => this.#options.events.open());
  }

  /** The handshake was answered with a reason; the connection ends with it. */
  refused(refusal: Refusal): void {
    this.#toClient(() => this.#options.events.refused(refusal));
    this.end("connect_error");
  }

  get drained(): boolean {
    return !this.#stalled && !this.#isOverForServer;
  }

  emit<Name extends keyof ServerEvents>(name: Name, value: ServerEvents[Name]): void {
    const sent = structuredClone(value);
    this.#toClient(() => this.#heard(name, sent));
  }

  write({ payload }: WireFrame): void {
    this.#toClient(() => this.#options.events.frame(payload));
  }

  enter(code: RoomCode, player: PlayerId): void {
    this.room = code;
    this.player = player;
  }

  leave(): void {
    this.room = undefined;
    this.player = undefined;
  }

  close(): void {
    this.end(ENDED_BY_SERVER);
  }

  // What happens to it.

  /** It breaks, or is closed, at the server's side: what was sent before still arrives, then the end does. */
  end(reason: string): void {
    if (this.#isOverForServer) return;
    this.#toClient(() => this.#endClient(reason));
    this.#endServer(reason);
  }

  /** The server's process is gone and says nothing any more; its kernel ends the connection. */
  crash(): void {
    this.#toClient(() => this.#endClient("transport close"));
    this.#session = undefined;
    this.#endServer("transport close");
  }

  /** Nothing gets through, and nobody is told; a server gives up after a while. */
  set stalled(stalled: boolean) {
    if (this.#stalled === stalled) return;
    this.#stalled = stalled;
    this.#up.stalled = stalled;
    this.#down.stalled = stalled;
    this.#cancelSilence();
    if (!stalled) return;
    const { clock, random } = this.#options;
    const silenceMs = random.between(SILENCE_MIN_MS, SILENCE_MAX_MS);
    this.#cancelSilence = clock.after(silenceMs, () => this.end("ping timeout"));
  }

  #join(session: Session, request: JoinRequest, answered: (answer: JoinAnswer) => void): void {
    void session.join(request, (answer: JoinAnswer) => {
      const sent = structuredClone(answer);
      this.#toClient(() => answered(sent));
    });
  }

  /** A message of the client: costs the session's budget, and what the session throws ends the connection, as the parser has it. */
  #say(action: (session: Session) => void, sizeBytes = SMALL_MESSAGE_BYTES): void {
    if (this.#isOverForClient) return;
    this.#up.send(this.#delayMs(), () => {
      const session = this.#session;
      if (!session || this.#isOverForServer) return;
      try {
        session.message(sizeBytes);
        action(session);
      } catch (error) {
        session.refuse(refusalOf(error, "bad-frame").code);
      }
    });
  }

  #toClient(action: () => void): void {
    if (this.#isOverForServer) return;
    this.#down.send(this.#delayMs(), () => {
      if (!this.#isOverForClient) action();
    });
  }

  #heard(name: keyof ServerEvents, value: unknown): void {
    const { events } = this.#options;
    const move = name === "move" ? parseMove(value) : undefined;
    if (name === "closing") events.refused(value as Refusal);
    else if (name === "roster") events.roster(value as Roster);
    else if (name === "roster-change") events.rosterChange(value as RosterChange);
    else if (name === "path") events.path(value as Path);
    else if (move) events.move(move);
  }

  #endClient(reason: string): void {
    if (this.#isOverForClient) return;
    this.#isOverForClient = true;
    this.#options.events.closed(reason);
  }

  #endServer(reason: string): void {
    if (this.#isOverForServer) return;
    this.#isOverForServer = true;
    this.#cancelSilence();
    this.#session?.ended(reason, reason === ENDED_BY_SERVER);
    this.#options.onEnded(this);
  }

  #delayMs(): number {
    const { path, random } = this.#options;
    return path.latencyMs + random.unit() * path.jitterMs;
  }
}
