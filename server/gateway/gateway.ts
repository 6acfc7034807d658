// Where sockets arrive: Socket.IO over WebSocket only, the admission of each connection, and what goes to sockets by room or player.

import type { Server as HttpServer } from "node:http";
import type { Logger } from "pino";
import { Server, type ServerOptions, type Socket } from "socket.io";
import {
  CLIENT_MESSAGE_MAX_BYTES,
  parseHello,
  type RefusalCode,
  type Roster,
  refusal,
  type ServerLabel,
} from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PlayerId, RoomCode, RoomPort, ServerId } from "../room/room-port.ts";
import { Fanouts } from "./fanout.ts";
import { isOriginAllowed } from "./origin.ts";
import { decoderOf, PacketDecoder, PacketEncoder } from "./packet-parser.ts";
import type { PlayerTokens } from "./player-token.ts";
import { Refused, refusalOf } from "./refused.ts";
import { type Admission, Session, type SessionContext, type SessionMetrics } from "./session.ts";

/** Sockets that one server holds; further ones are told so and closed. */
export const CONNECTIONS_MAX = 2000;
/** Connections that are not answered any more, as a multiple of it: there are too many to even tell them. */
const UNANSWERED_FROM = 2;
/** A connection that has not introduced itself by then is closed, milliseconds. */
const INTRODUCE_MS = 10_000;
/** How often the server pings, and how long it waits for the pong, milliseconds; well inside an ALB's idle timeout of 60 s. */
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 8_000;
/** Beyond this WebSocket itself hangs up; up to it a message that is too large gets a code, bytes. */
const FRAME_MAX_BYTES = 2 * CLIENT_MESSAGE_MAX_BYTES;

/** What Socket.IO calls a factory of adapters. */
export type SocketAdapter = NonNullable<ServerOptions["adapter"]>;

export interface GatewayOptions {
  self: ServerLabel & { id: ServerId };
  cluster: Cluster;
  clock: Clock;
  log: Logger;
  metrics: SessionMetrics;
  tokens: PlayerTokens;
  newPlayerId: () => PlayerId;
  allowedOrigins: readonly string[];
  connectionsMax: number;
  isDraining: () => boolean;
  /** How events reach sockets on other servers; without it they reach only those here. */
  adapter?: SocketAdapter;
}

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #io: Server;
  readonly #fanouts: Fanouts;
  readonly #context: SessionContext;
  readonly #sessions = new Map<string, Session>();

  constructor(httpServer: HttpServer, options: GatewayOptions) {
    this.#options = options;
    const { self, cluster, clock, metrics, isDraining } = options;
    this.#fanouts = new Fanouts(metrics);
    const supersede: SessionContext["supersede"] = (player, keep) => this.#supersede(player, keep);
    this.#context = { self, cluster, clock, metrics, isDraining, fanouts: this.#fanouts, supersede };
    this.#io = new Server(httpServer, {
      path: "/socket.io/",
      serveClient: false,
      transports: ["websocket"],
      allowUpgrades: false,
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: FRAME_MAX_BYTES,
      connectTimeout: INTRODUCE_MS,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      parser: { Encoder: PacketEncoder, Decoder: PacketDecoder },
      allowRequest: (_request, answer) => {
        answer("server-full", this.connections < UNANSWERED_FROM * options.connectionsMax);
      },
      ...(options.adapter && { adapter: options.adapter }),
    });
    this.#io.use((socket, next) => void this.#admit(socket, next));
    this.#io.on("connection", (socket) => this.#open(socket));
  }

  /** Sockets with a seat. */
  get players(): number {
    let seated = 0;
    for (const session of this.#sessions.values()) if (session.seatedIn) seated++;
    return seated;
  }

  get connections(): number {
    return this.#io.engine.clientsCount;
  }

  /** Rooms that players here are in, wherever the rooms run. */
  rooms(): RoomPort[] {
    return this.#fanouts.ports();
  }

  /** Tells a room's sockets, on every server, who sits where. */
  sendRoster(code: RoomCode, roster: Roster): void {
    this.#io.to(`room:${code}`).emit("roster", roster);
  }

  /** Ends every socket of this server with a reason. */
  refuseAll(code: RefusalCode): void {
    for (const session of [...this.#sessions.values()]) session.refuse(code);
  }

  async close(): Promise<void> {
    this.#fanouts.close();
    await this.#io.close();
  }

  async #admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      socket.data.admission = await this.#admission(socket);
      next();
    } catch (error) {
      const refused = refusalOf(error, "unavailable");
      this.#options.metrics.refused(refused.code);
      this.#options.log.info({ event: "refused", code: refused.code, trace: traceIdOf(socket) });
      next(Object.assign(new Error(refused.message), { data: refusal(refused.code) }));
      // Socket.IO writes the refusal before the next round of the event loop; closing flushes it.
      setImmediate(() => socket.conn.close());
    }
  }

  async #admission(socket: Socket): Promise<Admission> {
    const { allowedOrigins, connectionsMax, isDraining, tokens, newPlayerId } = this.#options;
    const { origin, host } = socket.handshake.headers;
    // Told in the handshake, because a browser hides from its page why an upgrade was refused.
    if (!isOriginAllowed(origin, host, allowedOrigins)) throw new Refused("bad-origin");
    if (this.connections > connectionsMax) throw new Refused("server-full");
    const hello = parseHello(socket.handshake.auth);
    if (typeof hello === "string") throw new Refused(hello);
    if (isDraining()) throw new Refused("draining");
    const traceId = traceIdOf(socket);
    if (hello.token === undefined) {
      const player = newPlayerId();
      return { player, token: await tokens.sign(player), traceId };
    }
    const player = await tokens.verify(hello.token);
    if (!player) throw new Refused("bad-token");
    return { player, token: hello.token, traceId };
  }

  #open(socket: Socket): void {
    const admission: Admission = socket.data.admission;
    const log = this.#options.log.child({ player: admission.player, trace: admission.traceId });
    log.info({ event: "connected" });
    const session = new Session(this.#context, socket, admission, log);
    this.#sessions.set(socket.id, session);
    socket.on("disconnect", () => this.#sessions.delete(socket.id));
    decoderOf(socket).gate = session;
  }

  #supersede(player: PlayerId, keep: Socket): void {
    const others = this.#io.to(`player:${player}`).except(keep.id);
    others.emit("closing", refusal("superseded"));
    others.disconnectSockets(true);
  }
}

function traceIdOf(socket: Socket): string | undefined {
  const header = socket.handshake.headers["x-amzn-trace-id"];
  return typeof header === "string" ? header : undefined;
}
