// One game server of a simulation: the production code of rooms, cluster, gateway and departure, on a process's clock, with simulated
// connections to Redis and to players.

import type { Hello } from "../../game/protocol/index.ts";
import type { Clock } from "../../server/clock.ts";
import { ClusterService } from "../../server/cluster/cluster-service.ts";
import type { MemoryBus, MemoryBusHub } from "../../server/cluster/memory-bus.ts";
import type { MemoryRedis } from "../../server/cluster/memory-redis.ts";
import { type LinkState, MemoryStore } from "../../server/cluster/memory-store.ts";
import { ProcessClock } from "../../server/cluster/process-clock-for-tests.ts";
import { noMetrics } from "../../server/cluster/telemetry.ts";
import type { DrainTimes } from "../../server/drain/deadlines.ts";
import type { TargetGroup } from "../../server/drain/target-group.ts";
import { Tenure } from "../../server/drain/tenure.ts";
import { Players } from "../../server/gateway/players.ts";
import { refusalOf } from "../../server/gateway/refused.ts";
import type { SessionMetrics } from "../../server/gateway/session-context.ts";
import { RoomLoop } from "../../server/room/room-host.ts";
import type { ServerId } from "../../server/room/room-port.ts";
import { deliveryOver } from "./delivery.ts";
import type { Line } from "./line.ts";
import type { Backend } from "./load-balancer.ts";
import type { Observer } from "./observer.ts";
import type { Random } from "./random.ts";
import type { SimulatedTickets, SimulatedTokens } from "./tokens.ts";
import { loggerInto, type Trace } from "./trace.ts";

/** Worlds that a simulation knows: few, because each has to be made. */
const WORLD_SEEDS = [11, 22, 33];

const noSessionMetrics: SessionMetrics = {
  lost() {},
  ...{ messageIn() {}, refused() {}, moveOffered() {}, movedOut() {}, movedIn() {} },
  ...{ snapshotsOut() {}, snapshotsSkipped() {} },
};

export interface ServerOptions {
  id: string;
  version: string;
  generation: number;
  clock: Clock;
  random: Random;
  trace: Trace;
  redis: MemoryRedis;
  hub: MemoryBusHub;
  observer: Observer;
  tokens: SimulatedTokens;
  tickets: SimulatedTickets;
  times: DrainTimes;
  targetGroup: TargetGroup;
  /** The process ended, one way or the other. */
  onExit: (server: Server) => void;
}

export class Server implements Backend {
  readonly id: ServerId;
  readonly address: string;
  readonly generation: number;
  readonly rooms: RoomLoop;
  readonly cluster: ClusterService;
  readonly players: Players;
  readonly store: MemoryStore;
  readonly bus: MemoryBus;
  readonly #options: ServerOptions;
  readonly #clock: ProcessClock;
  readonly #tenure: Tenure;
  readonly #lines = new Set<Line>();
  /** Resolves when the process has ended. */
  readonly exit: Promise<void>;
  #exited: () => void = () => {};
  #state: "starting" | "ready" | "draining" = "starting";

  constructor(options: ServerOptions) {
    const { id, version, generation, random, trace, redis, hub, observer } = options;
    const clock = new ProcessClock(options.clock);
    const self = { id: id as ServerId, version };
    const log = loggerInto(trace, id);
    this.#options = options;
    this.#clock = clock;
    this.id = self.id;
    this.address = `${id}:8000`;
    this.generation = generation;
    this.exit = new Promise((resolve) => {
      this.#exited = resolve;
    });
    this.store = new MemoryStore(clock, redis);
    this.bus = hub.connect();
    this.rooms = new RoomLoop({
      clock,
      owner: self,
      ...{ botsFillTo: 0, arenaBotsFillTo: 0 },
      randomSeed: () => random.pick(WORLD_SEEDS),
      observe: { tick() {}, droppedSteps() {}, arrival() {}, error: (error, code) => observer.fault(code, error) },
    });
    observer.watchRooms(this.id, this.rooms);
    this.cluster = new ClusterService({
      ...{ clock, self, generation, log, store: this.store, bus: this.bus, host: this.rooms },
      random: random.unit,
      metrics: { ...noMetrics, ownership: (change) => change === "taken-over" && observer.takeover(this.id) },
    });
    this.players = new Players({
      ...{ self, generation, clock, log, cluster: this.cluster, tokens: options.tokens, tickets: options.tickets },
      newPlayerId: () => options.tokens.newPlayer(),
      random: random.unit,
      metrics: noSessionMetrics,
      delivery: deliveryOver(this.bus, this.id, () => this.#lines),
      isDraining: () => this.#state === "draining",
    });
    this.rooms.onRoster((code, news) => this.players.sendRoster(code, news));
    this.#tenure = new Tenure({
      ...{ clock, log, random: random.unit, self: this.id, cluster: this.cluster },
      ...{ times: options.times, targetGroups: [options.targetGroup] },
      rooms: () => this.rooms.list(),
      sessions: () => this.players.sessions(),
      stepBack: () => this.#stepBack(),
      ending: {
        sendPlayersAway: () => this.players.refuseAll("draining"),
        closeCluster: () => {
          this.rooms.reportScores();
          return this.cluster.close();
        },
        closeRooms: () => this.rooms.close(),
        closeGateway: async () => this.players.close(),
      },
      onGone: (unfinished) => {
        if (unfinished.length > 0) log.warn({ event: "not in order", unfinished });
        this.kill();
      },
    });
  }

  get isDead(): boolean {
    return this.#clock.isStopped;
  }

  get isDraining(): boolean {
    return this.#state === "draining";
  }

  async start(): Promise<void> {
    const sockets = () => this.players.seated;
    const phase = () => this.#tenure.status().phase;
    await this.cluster.start({ address: this.address, revision: 0, sockets, phase, arrived: () => 0 });
    // Told to stop before it began.
    if (this.isDead || this.#state === "draining") return;
    this.cluster.setState("ready");
    this.#state = "ready";
    this.#tenure.begin(this.address);
  }

  // Backend: what the load balancer sees.

  readiness(): "ready" | "not-ready" | "dead" {
    if (this.isDead) return "dead";
    return this.#state === "ready" && this.cluster.reachable ? "ready" : "not-ready";
  }

  accept(line: Line, hello: unknown): void {
    if (this.isDead) line.end("502");
    else void this.#accept(line, hello as Hello);
  }

  /** A connection of this server is over. */
  ended(line: Line): void {
    this.#lines.delete(line);
  }

  // What happens to it.

  /** Its connections to Redis. */
  setLink(link: LinkState): void {
    this.store.link = link;
    this.bus.stalled = link === "stalled";
    this.bus.cut = link === "refused" || link === "silent";
  }

  setRedisDelay(delayMs: number): void {
    this.store.delayMs = delayMs;
    this.bus.delayMs = delayMs;
  }

  /** As kill -9: nothing more is done or said; its kernel hangs up. */
  kill(): void {
    if (this.isDead) return;
    this.#clock.stop();
    this.store.link = "refused";
    this.bus.cut = true;
    this.#options.hub.disconnect(this.bus);
    for (const line of [...this.#lines]) line.crash();
    this.#lines.clear();
    this.#exited();
    this.#options.onExit(this);
  }

  /** SIGTERM. */
  terminate(): void {
    void this.#tenure.stop("SIGTERM");
  }

  #stepBack(): void {
    this.#state = "draining";
    this.cluster.setState("draining");
  }

  async #accept(line: Line, hello: Hello): Promise<void> {
    this.#lines.add(line);
    try {
      const admission = await this.players.admit(hello);
      if (!this.isDead && !line.isOverForServer) line.opened(this.players.open(line, admission));
    } catch (error) {
      if (!this.isDead) line.refused(refusalOf(error, "unavailable"));
    }
  }
}
