// Where sockets arrive: Socket.IO over WebSocket only, from the same site, not too many. What they say is up to Players.

import type { Server as HttpServer } from "node:http";
import { Server, type ServerOptions, type Socket } from "socket.io";
import { CLIENT_MESSAGE_MAX_BYTES, refusal } from "../../game/protocol/index.ts";
import { limitPongs } from "./backlog-limit.ts";
import { isOriginAllowed } from "./origin.ts";
import { PacketDecoder, PacketEncoder } from "./packet-parser.ts";
import { Players, type PlayersOptions } from "./players.ts";
import { Refused, refusalOf } from "./refused.ts";
import type { Admission } from "./session-context.ts";
import { attachSession, SocketIoPlayer, socketIoDelivery, traceIdOf } from "./socket-io-player.ts";

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

export interface GatewayOptions extends Omit<PlayersOptions, "delivery"> {
  allowedOrigins: readonly string[];
  connectionsMax: number;
  /** How events reach sockets on other servers; without it they reach only those here. */
  adapter?: SocketAdapter;
}

export class Gateway {
  readonly players: Players;
  readonly #options: GatewayOptions;
  readonly #io: Server;

  constructor(httpServer: HttpServer, options: GatewayOptions) {
    this.#options = options;
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
        const isAnswered = this.connections < UNANSWERED_FROM * options.connectionsMax;
        if (!isAnswered) options.metrics.refused("server-full");
        answer("server-full", isAnswered);
      },
      ...(options.adapter && { adapter: options.adapter }),
    });
    this.players = new Players({ ...options, delivery: socketIoDelivery(this.#io) });
    this.#io.engine.on("connection", limitPongs);
    this.#io.use((socket, next) => void this.#admit(socket, next));
    this.#io.on("connection", (socket) => this.#open(socket));
  }

  get connections(): number {
    return this.#io.engine.clientsCount;
  }

  async close(): Promise<void> {
    this.players.close();
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

  #admission(socket: Socket): Promise<Admission> {
    const { allowedOrigins, connectionsMax } = this.#options;
    const { origin, host } = socket.handshake.headers;
    // Told in the handshake, because a browser hides from its page why an upgrade was refused.
    if (!isOriginAllowed(origin, host, allowedOrigins)) throw new Refused("bad-origin");
    if (this.connections > connectionsMax) throw new Refused("server-full");
    return this.players.admit(socket.handshake.auth);
  }

  #open(socket: Socket): void {
    const admission: Admission = socket.data.admission;
    attachSession(socket, this.players.open(new SocketIoPlayer(socket), admission));
  }
}
