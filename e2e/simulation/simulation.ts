// Servers, Redis, a load balancer and players in one process on virtual time. Everything that happens follows from the seed. Knows what
// can be done to them, not when it is done (scenario.ts) nor whether it went well (invariants).

import { VirtualClock } from "../../server/clock.ts";
import { MemoryBusHub } from "../../server/cluster/memory-bus.ts";
import { MemoryRedis } from "../../server/cluster/memory-redis.ts";
import type { LinkState } from "../../server/cluster/memory-store.ts";
import { RECONNECT_MAX_MS } from "../../server/cluster/timing.ts";
import type { DrainTimes } from "../../server/drain/deadlines.ts";
import type { TargetGroup } from "../../server/drain/target-group.ts";
import { decodeOnce } from "./decode.ts";
import type { Line } from "./line.ts";
import { LoadBalancer } from "./load-balancer.ts";
import { Observer } from "./observer.ts";
import { Operator } from "./operator.ts";
import { Player } from "./player.ts";
import { Random } from "./random.ts";
import { Server } from "./server.ts";
import { SimulatedTickets, SimulatedTokens } from "./tokens.ts";
import type { Trace } from "./trace.ts";
import { Turns } from "./turns.ts";

/** What a run is like apart from its steps. */
export interface Settings {
  seed: number;
  servers: number;
  /** From a call of the control API to its effect, milliseconds. */
  propagationMs: number;
  deregistrationDelayMs: number;
  stopTimeoutMs: number;
  healthIntervalMs: number;
  /** How often a server asks for the state of the targets. */
  pollMs: number;
  /** Until the control API answers, at most. */
  apiDelayMs: number;
  /** Share of questions that it refuses. */
  apiRefusals: number;
  /** How long a new generation serves beside the old one before that is retired. */
  bakeMs: number;
  /** From the start of a process until it listens, milliseconds. */
  bootMs: number;
  /** Of each server's connections to Redis, one way. */
  redisDelayMs: number;
  /** Players' way to the load balancer: the best and the worst. */
  latencyMinMs: number;
  latencyMaxMs: number;
  jitterMs: number;
  /** What players ask quick play for; else basins. */
  waters?: "arena";
}

export class Simulation {
  readonly clock: VirtualClock;
  readonly settings: Settings;
  readonly trace: Trace;
  readonly observer = new Observer();
  readonly redis: MemoryRedis;
  readonly balancer: LoadBalancer;
  readonly operator: Operator;
  /** All that were ever started, in the order of their starts. */
  readonly servers: Server[] = [];
  readonly players: Player[] = [];
  readonly #hub: MemoryBusHub;
  readonly #random: Random;
  readonly #decode = decodeOnce();
  readonly #tokens = new SimulatedTokens();
  readonly #tickets: SimulatedTickets;
  #redisLink: LinkState = "up";
  #redisDelayMs: number;

  constructor(settings: Settings, trace: Trace) {
    const { deregistrationDelayMs, healthIntervalMs, propagationMs } = settings;
    this.settings = settings;
    this.trace = trace;
    const turns = new Turns();
    this.clock = new VirtualClock(undefined, () => turns.settle());
    trace.follow(() => this.clock.now());
    this.#random = new Random(settings.seed);
    this.redis = new MemoryRedis(this.clock);
    this.#hub = new MemoryBusHub(this.clock);
    this.#tickets = new SimulatedTickets(this.clock);
    this.#redisDelayMs = settings.redisDelayMs;
    const delays = { deregistrationDelayMs, healthIntervalMs, propagationMs };
    this.balancer = new LoadBalancer({ clock: this.clock, trace, ...delays });
    this.operator = new Operator(this);
  }

  get living(): Server[] {
    return this.servers.filter((server) => !server.isDead);
  }

  /** Those that the load balancer sends players to. */
  get healthy(): Server[] {
    return this.living.filter(({ address }) => this.balancer.stateOf(address) === "healthy");
  }

  /** A process that does not listen yet. */
  startServer(version: string, generation: number): Server {
    const id = `s${this.servers.length + 1}`;
    const server = new Server({
      ...{ id, version, generation, clock: this.clock, random: this.#random.fork(id), trace: this.trace },
      ...{ redis: this.redis, hub: this.#hub, observer: this.observer },
      ...{ tokens: this.#tokens, tickets: this.#tickets, times: this.#times, targetGroup: this.#targetGroup(id) },
      onExit: (gone) => this.operator.exited(gone),
    });
    this.servers.push(server);
    server.setLink(this.#redisLink);
    server.setRedisDelay(this.#redisDelayMs);
    return server;
  }

  addPlayer(): Player {
    const name = `p${this.players.length + 1}`;
    const random = this.#random.fork(name);
    const { latencyMinMs, latencyMaxMs, jitterMs } = this.settings;
    const path = { latencyMs: random.between(latencyMinMs, latencyMaxMs), jitterMs: random.between(0, jitterMs) };
    const player = new Player({
      ...{ name, clock: this.clock, random, trace: this.trace, path, decode: this.#decode },
      waters: this.settings.waters,
      connect: (line, hello) => this.balancer.connect(line, hello),
      onLineEnded: (line) => this.#lineEnded(line),
      onSession: (owner, session) => this.observer.session(owner, session),
    });
    this.players.push(player);
    player.open();
    return player;
  }

  /** Every server's way to Redis; new servers find it like this too. When it is back, each finds out in its own time, up to RECONNECT_MAX_MS. */
  setRedis(link: LinkState): void {
    this.#redisLink = link;
    for (const server of this.living) {
      const delayMs = link === "up" ? this.#random.between(0, RECONNECT_MAX_MS) : 0;
      this.clock.after(delayMs, () => {
        if (!server.isDead && this.#redisLink === link) server.setLink(link);
      });
    }
  }

  setRedisDelay(delayMs: number): void {
    this.#redisDelayMs = delayMs;
    for (const server of this.living) server.setRedisDelay(delayMs);
  }

  get redisLink(): LinkState {
    return this.#redisLink;
  }

  get #times(): DrainTimes {
    const { deregistrationDelayMs, stopTimeoutMs, pollMs, propagationMs } = this.settings;
    return { deregistrationDelayMs, stopTimeoutMs, pollMs, propagationLagMs: propagationMs };
  }

  /** The control API as a server reaches it: a little away, and sometimes it has had enough of questions, but not twice in a row. */
  #targetGroup(asker: string): TargetGroup {
    const random = this.#random.fork(`${asker} asks`);
    const { apiDelayMs, apiRefusals } = this.settings;
    let hasRefused = false;
    const answer = async <Answer>(look: () => Answer): Promise<Answer> => {
      await new Promise<void>((resolve) => this.clock.after(random.between(0, apiDelayMs), resolve));
      hasRefused = !hasRefused && random.chance(apiRefusals);
      if (hasRefused) throw new Error("Throttling");
      return look();
    };
    return {
      describe: () => answer(() => this.balancer.states()),
      deregistrationDelayMs: () => answer(() => this.settings.deregistrationDelayMs),
    };
  }

  #lineEnded(line: Line): void {
    for (const server of this.servers) server.ended(line);
    this.balancer.ended(line);
  }
}
