// A Socket.IO socket as a player's connection: what it does for a session, and what it tells one.

import type { Server, Socket } from "socket.io";
import { type RefusalCode, refusal } from "../../game/protocol/index.ts";
import type { PlayerId, RoomCode } from "../room/room-port.ts";
import { limitBacklog, webSocketOf } from "./backlog-limit.ts";
import { HotWire } from "./hot-wire.ts";
import { decoderOf } from "./packet-parser.ts";
import type { Delivery, PlayerSocket, ServerEvents } from "./player-socket.ts";
import { refusalOf } from "./refused.ts";
import type { Session } from "./session.ts";
import type { WireFrame } from "./snapshot-writer.ts";

/** Socket.IO's word for a socket that some server has told to go. */
const ENDED_BY_SERVER = "server namespace disconnect";

/** … for one that does not answer any more … */
const NO_PONG = "ping timeout";

/** … and for one whose page has left, but may keep the connection under it. */
const LEFT_BY_CLIENT = "client namespace disconnect";

/** WebSocket's code for a connection that ended without a closing frame; a tab that is closed sends one. */
const BROKEN = 1006;

export class SocketIoPlayer implements PlayerSocket {
  readonly #socket: Socket;
  readonly #wire: HotWire;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#wire = new HotWire(socket);
  }

  get id(): string {
    return this.#socket.id;
  }

  get traceId(): string | undefined {
    return traceIdOf(this.#socket);
  }

  get drained(): boolean {
    return this.#wire.drained;
  }

  emit<Name extends keyof ServerEvents>(name: Name, value: ServerEvents[Name]): void {
    this.#socket.emit(name, value);
  }

  write(frame: WireFrame): void {
    this.#wire.write(frame);
  }

  enter(code: RoomCode, player: PlayerId): void {
    void this.#socket.join([roomChannel(code), playerChannel(player)]);
  }

  leave(code: RoomCode, player: PlayerId): void {
    this.#socket.leave(roomChannel(code));
    this.#socket.leave(playerChannel(player));
  }

  close(): void {
    this.#socket.disconnect(true);
  }
}

/** From now on the session hears what the socket hears. */
export function attachSession(socket: Socket, session: Session): void {
  limitBacklog(socket);
  socket.on("join", (request: unknown, ack: unknown) => void session.join(request, ack));
  socket.on("leave", () => session.leave());
  socket.on("ping", (number: unknown, ack: unknown) => session.ping(number, ack));
  socket.on("keyframe", () => session.restart());
  socket.on("error", (error) => session.refuse(refusalOf(error, "bad-frame").code));
  let isBroken = false;
  // Before Engine.IO hears of it, which keeps the code to itself.
  webSocketOf(socket.conn).prependOnceListener("close", (code) => {
    isBroken = code === BROKEN;
  });
  socket.on("disconnect", (reason) => {
    const byServer = reason === ENDED_BY_SERVER;
    session.ended(reason, byServer, !byServer && (isBroken || reason === NO_PONG));
    if (reason === LEFT_BY_CLIENT) socket.conn.close();
  });
  decoderOf(socket).gate = session;
}

/** Socket.IO's rooms, over all servers when it has an adapter. */
export function socketIoDelivery(io: Server): Delivery {
  return {
    roster: (code, news) => {
      const players = io.to(roomChannel(code));
      if (news.kind === "whole") players.emit("roster", news.roster);
      else players.emit("roster-change", news.change);
    },
    endAll: (player, keep, code) => end(io.to(playerChannel(player)).except([...keep]), code),
    endElsewhere: (player, room, keep, code) => {
      end(io.to(playerChannel(player)).except([...keep, roomChannel(room)]), code);
    },
    // Socket.IO keeps a room for each socket, named by its id.
    end: (connection, code) => end(io.to(connection), code),
  };
}

function end(sockets: ReturnType<Server["to"]>, code: RefusalCode): void {
  sockets.emit("closing", refusal(code));
  sockets.disconnectSockets(true);
}

export function traceIdOf(socket: Socket): string | undefined {
  const header = socket.handshake.headers["x-amzn-trace-id"];
  return typeof header === "string" ? header : undefined;
}

const roomChannel = (code: RoomCode): string => `room:${code}`;
const playerChannel = (player: PlayerId): string => `player:${player}`;
