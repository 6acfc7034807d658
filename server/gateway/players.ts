// The players whose connections are on this server, from admission to end. Knows no Socket.IO: connections and the way to those of other
// servers are handed in.

import type { Logger } from "pino";
import { parseHello, type RefusalCode, type Release } from "../../game/protocol/index.ts";
import type { PlayerId, RoomCode, RoomPort } from "../room/room-port.ts";
import type { RosterNews } from "../room/roster-news.ts";
import { Fanouts } from "./fanouts.ts";
import type { PlayerSocket } from "./player-socket.ts";
import type { PlayerTokens } from "./player-token.ts";
import { Refused } from "./refused.ts";
import { Session } from "./session.ts";
import type { Admission, SessionContext } from "./session-context.ts";

export interface PlayersOptions extends Omit<SessionContext, "fanouts" | "release"> {
  log: Logger;
  tokens: Pick<PlayerTokens, "sign" | "verify">;
  newPlayerId: () => PlayerId;
  /** 0 … less than 1. */
  random: () => number;
}

export class Players {
  readonly #options: PlayersOptions;
  readonly #context: SessionContext;
  readonly #sessions = new Map<string, Session>();
  #release: Release | undefined;

  constructor(options: PlayersOptions) {
    this.#options = options;
    const { self, generation, cluster, clock, metrics, delivery, tickets, isDraining } = options;
    const fanouts = new Fanouts(metrics, options.random);
    const release = () => this.#release;
    const shared = { self, generation, cluster, clock, metrics, delivery, tickets, isDraining };
    this.#context = { ...shared, fanouts, release };
  }

  /** Players with a seat whose connection is here. */
  get seated(): number {
    let seated = 0;
    for (const session of this.#sessions.values()) if (session.seatedIn) seated++;
    return seated;
  }

  sessions(): Session[] {
    return [...this.#sessions.values()];
  }

  /** Rooms that players here are in, wherever the rooms run. */
  rooms(): RoomPort[] {
    return this.#context.fanouts.ports();
  }

  /** Who it is that sent this Hello. Rejects with Refused. */
  async admit(hello: unknown): Promise<Admission> {
    const { isDraining, tokens, newPlayerId } = this.#options;
    const said = parseHello(hello);
    if (typeof said === "string") throw new Refused(said);
    if (isDraining()) throw new Refused("draining");
    const { protocol, areas } = said;
    const page = { protocol, areas: areas === true };
    if (said.token === undefined) {
      const player = newPlayerId();
      return { player, token: await tokens.sign(player), ...page };
    }
    const player = await tokens.verify(said.token);
    if (!player) throw new Refused("bad-token");
    return { player, token: said.token, ...page };
  }

  /** The session of a connection that was let in. */
  open(socket: PlayerSocket, admission: Admission): Session {
    const log = this.#options.log.child({ player: admission.player, trace: socket.traceId });
    log.info({ event: "connected" });
    const onEnded = () => this.#sessions.delete(socket.id);
    const session = new Session(this.#context, socket, admission, log, onEnded);
    this.#sessions.set(socket.id, session);
    return session;
  }

  /** What all servers have come to; `undefined` while they are of several versions, and then nothing is told. */
  setRelease(release: Release | undefined): void {
    this.#release = release;
    if (release) for (const session of this.sessions()) session.tellRelease(release);
  }

  /** Tells a room's players, on every server, who sits where. */
  sendRoster(code: RoomCode, news: RosterNews): void {
    this.#options.delivery.roster(code, news);
  }

  /** Ends every connection of this server with a reason. False when there was none. */
  refuseAll(code: RefusalCode): boolean {
    const sessions = this.sessions();
    for (const session of sessions) session.refuse(code);
    return sessions.length > 0;
  }

  close(): void {
    this.#context.fanouts.close();
  }
}
