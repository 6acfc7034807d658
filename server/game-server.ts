// A server as a whole: rooms, gateway and HTTP put together around a cluster. Reads no environment and ends no process.

import { randomBytes, randomInt } from "node:crypto";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import type { Release, ServerLabel } from "../game/protocol/index.ts";
import type { Clock } from "./clock.ts";
import type { Cluster } from "./cluster/cluster.ts";
import type { DrainTimes } from "./drain/deadlines.ts";
import type { TargetGroup } from "./drain/target-group.ts";
import { Tenure } from "./drain/tenure.ts";
import { CONNECTIONS_MAX, Gateway, type SocketAdapter } from "./gateway/gateway.ts";
import { MoveTickets } from "./gateway/move-ticket.ts";
import { PlayerTokens } from "./gateway/player-token.ts";
import { ReleaseWatch } from "./gateway/release-watch.ts";
import type { Metrics } from "./metrics.ts";
import { RoomLoop, type RoomLoopOptions } from "./room/room-host.ts";
import type { PlayerId, ServerId } from "./room/room-port.ts";
import type { ProtectionSwitch } from "./surroundings/ecs-agent.ts";
import { TaskProtection } from "./surroundings/task-protection.ts";
import { fleetAnswer } from "./web/fleet.ts";
import { createHttpServer, type Route, type Routes } from "./web/http-server.ts";
import { forOperator } from "./web/operator.ts";
import { checkUpgrade, Readiness } from "./web/readiness.ts";
import { NO_REGIONS, type Regions, regionsAnswer } from "./web/regions.ts";
import { serveFiles } from "./web/static-files.ts";

const PLAYER_ID_BYTES = 16;
const SEED_END = 2 ** 32;

export interface GameServerOptions {
  self: ServerLabel & { id: ServerId };
  generation: number;
  host: string;
  /** 0 lets the system choose. */
  port: number;
  sessionSecret: string;
  allowedOrigins: readonly string[];
  /** None unless given. */
  regions?: Regions;
  /** CONNECTIONS_MAX unless given. */
  connectionsMax?: number;
  clientDir?: string | undefined;
  /** Hashed files of all builds; those in `clientDir` unless given. */
  assetsDir?: string | undefined;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  rooms: RoomLoop;
  cluster: Cluster;
  adapter?: SocketAdapter | undefined;
  times: DrainTimes;
  /** The target groups that this server may be in. */
  targetGroups?: readonly TargetGroup[];
  /** What it is registered with there, host:port; unless given, `targetHost` and the port where it listens. */
  targetAddress?: string | undefined;
  /** `host` unless given. */
  targetHost?: string | undefined;
  /** Of the task definition that it was started from, on ECS; 0 unless given. */
  revision?: number | undefined;
  /** Keeps ECS from stopping this server's task, where it is one. */
  protection?: ProtectionSwitch | undefined;
  /** Whoever shows it may read what is for inside; without it everybody may who gets here, and nobody the whole fleet. */
  operatorToken?: string | undefined;
}

/** The rooms of a server; made before the cluster, which is handed them. */
export function createRooms(
  options: Pick<GameServerOptions, "self" | "clock" | "log" | "metrics"> &
    Pick<RoomLoopOptions, "botsFillTo" | "arenaBotsFillTo" | "record">,
): RoomLoop {
  const { self, clock, log, metrics, botsFillTo, arenaBotsFillTo, record } = options;
  return new RoomLoop({
    clock,
    owner: self,
    botsFillTo,
    arenaBotsFillTo,
    record,
    randomSeed: () => randomInt(SEED_END),
    observe: {
      tick: (durationMs, gapMs) => metrics.tick(durationMs, gapMs),
      droppedSteps: (count) => metrics.droppedSteps(count),
      arrival: (arrival) => metrics.arrival(arrival),
      error: (error, room) => log.error({ event: "room-fault", room, err: error }),
    },
  });
}

export class GameServer {
  readonly #options: GameServerOptions;
  readonly #http: HttpServer;
  readonly #gateway: Gateway;
  readonly #readiness: Readiness;
  readonly #tenure: Tenure;
  readonly #protection: TaskProtection | undefined;
  #releaseWatch: ReleaseWatch | undefined;
  /** Resolves, to what did not end in order, when the server is gone, whatever made it go. */
  readonly gone: Promise<string[]>;
  #state: "starting" | "ready" | "draining" = "starting";

  constructor(options: GameServerOptions) {
    const { clock, log, metrics, rooms, cluster } = options;
    const isDraining = () => this.#state === "draining";
    this.#options = options;
    const { clientDir: pagesDir, assetsDir, regions } = options;
    const files = pagesDir ? serveFiles({ pagesDir, assetsDir }) : undefined;
    this.#http = createHttpServer(this.#routes(), files, regions);
    this.#gateway = new Gateway(this.#http, {
      self: options.self,
      generation: options.generation,
      cluster,
      clock,
      log,
      metrics,
      tokens: new PlayerTokens(options.sessionSecret),
      tickets: new MoveTickets(options.sessionSecret, clock),
      random: Math.random,
      newPlayerId: () => randomBytes(PLAYER_ID_BYTES).toString("base64url") as PlayerId,
      allowedOrigins: options.allowedOrigins,
      connectionsMax: options.connectionsMax ?? CONNECTIONS_MAX,
      isDraining,
      ...(options.adapter && { adapter: options.adapter }),
    });
    this.#readiness = new Readiness({
      clock,
      isDraining,
      isRedisReachable: () => cluster.reachable,
      checkUpgrade: () => checkUpgrade(options.host, this.port),
    });
    rooms.onRoster((code, news) => this.#gateway.players.sendRoster(code, news));
    let onGone: (unfinished: string[]) => void = () => {};
    this.gone = new Promise((resolve) => {
      onGone = resolve;
    });
    const { protection, self } = options;
    this.#protection = protection && new TaskProtection({ clock, log, self: self.id, cluster, protection });
    this.#tenure = this.#makeTenure(onGone);
    metrics.watch({
      players: () => this.#gateway.players.seated,
      connections: () => this.#gateway.connections,
      rooms: () => rooms.list().length,
      remoteRooms: () => this.#remoteRooms().length,
    });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** Joins the cluster and listens. Rejects when the address is in use. */
  async start(): Promise<void> {
    const { cluster, host, port, targetAddress, targetHost = host, revision = 0 } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(port, host, resolve);
    });
    const address = targetAddress ?? `${targetHost}:${this.port}`;
    await cluster.start({
      ...{ address, revision },
      sockets: () => this.#gateway.players.seated,
      phase: () => this.#tenure.status().phase,
      arrived: () => this.#options.metrics.moves.in,
    });
    // Told to stop before it began.
    if (this.#state === "draining") return;
    cluster.setState("ready");
    this.#state = "ready";
    this.#tenure.begin(address);
    this.#protection?.start();
    const { clock, self } = this.#options;
    const tell = (release: Release | undefined) => this.#gateway.players.setRelease(release);
    this.#releaseWatch = new ReleaseWatch({ clock, cluster, version: self.version, tell });
  }

  /** What `/statusz` says. */
  status() {
    const { self, generation, rooms, cluster, metrics } = this.#options;
    return {
      ...self,
      generation,
      state: this.#state,
      redis: cluster.reachable,
      players: this.#gateway.players.seated,
      connections: this.#gateway.connections,
      rooms: rooms.list().map(({ code, players, tick, epoch }) => ({ code, players, tick, epoch })),
      remoteRooms: this.#remoteRooms().map(({ code, owner, epoch }) => ({ code, owner: owner.id, epoch })),
      moves: metrics.moves,
      departure: this.#tenure.status(),
      ...(this.#protection && { protection: this.#protection.status() }),
    };
  }

  /** Goes in order, within what the stop timeout leaves; the answer says what did not end in order. */
  leave(cause: string): Promise<string[]> {
    return this.#tenure.stop(cause);
  }

  /** Goes at once: everybody is told to come back, nothing is handed over. */
  close(): Promise<string[]> {
    return this.#tenure.leaveAtOnce("closed");
  }

  #makeTenure(onGone: (unfinished: string[]) => void): Tenure {
    const { self, cluster, clock, log, metrics, rooms, times, targetGroups = [] } = this.#options;
    const { players } = this.#gateway;
    return new Tenure({
      ...{ clock, log, cluster, times, targetGroups, onGone },
      random: Math.random,
      self: self.id,
      rooms: () => rooms.list(),
      sessions: () => players.sessions(),
      stepBack: () => {
        this.#state = "draining";
        cluster.setState("draining");
        this.#protection?.leave();
      },
      ending: {
        sendPlayersAway: () => players.refuseAll("draining"),
        closeCluster: () => {
          // While the cluster still takes them: a room that nobody takes over ends here.
          rooms.reportScores();
          return cluster.close();
        },
        closeRooms: () => rooms.close(),
        closeGateway: async () => {
          this.#releaseWatch?.close();
          this.#protection?.close();
          // First, because the gateway waits for requests that are still open, and a slow one could hold it up.
          this.#http.close();
          this.#http.closeAllConnections();
          await this.#gateway.close();
          metrics.close();
        },
      },
    });
  }

  #routes(): Routes {
    const { cluster, metrics, operatorToken, regions = NO_REGIONS } = this.#options;
    const inside = (route: Route) => forOperator(operatorToken, route);
    return {
      "/healthz": () => ({ status: 200, json: { status: "alive" } }),
      "/readyz": async () => {
        const reasons = this.#state === "starting" ? ["starting"] : await this.#readiness.reasons();
        return { status: reasons.length === 0 ? 200 : 503, json: { ready: reasons.length === 0, reasons } };
      },
      "/metrics": inside(async () => ({
        status: 200,
        text: await metrics.registry.metrics(),
        type: "text/plain; version=0.0.4",
      })),
      "/statusz": inside(() => ({ status: 200, json: this.status() })),
      // It tells of other servers too, and is reached from outside: where nobody has a token there is none.
      ...(operatorToken !== undefined && { "/fleetz": inside(() => fleetAnswer(cluster)) }),
      "/regions.json": () => ({ status: 200, json: regionsAnswer(regions), open: true }),
      "/api/ping": () => ({ status: 204, empty: true, open: true }),
      "/api/hall-of-fame": async () => ({ status: 200, json: await cluster.hallOfFame(), open: true }),
    };
  }

  #remoteRooms() {
    return this.#gateway.players.rooms().filter((port) => port.owner.id !== this.#options.self.id);
  }
}
