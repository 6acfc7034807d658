// The time of a server from its first player to its last: while it stays it watches its target and evens out what it has with the others; when
// it has to go it departs. Puts the parts of this folder together for a server, or for a simulated one.

import type { Clock } from "../clock.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ServerId } from "../room/room-port.ts";
import {
  backOffMaxMs,
  type DrainTimes,
  drainWindowMs,
  SETTLE_MS,
  settleMs,
  stopWindowMs,
  whyTooShort,
} from "./deadlines.ts";
import { Departure, type LeaveTimes } from "./departure.ts";
import { Farewell, type Leaver } from "./farewell.ts";
import type { Ending } from "./goodbye.ts";
import type { RoomToMove } from "./heirs.ts";
import { Heritage } from "./heritage.ts";
import { type Movable, Rebalance } from "./rebalance.ts";
import type { TargetGroup } from "./target-group.ts";
import { TargetWatch } from "./target-watch.ts";

export interface TenureDependencies {
  readonly clock: Clock;
  readonly log: { info(fields: object): void; warn(fields: object): void };
  /** 0 … less than 1. */
  readonly random: () => number;
  readonly self: ServerId;
  readonly cluster: Pick<Cluster, "servers" | "handOff">;
  /** Rooms that run here. */
  readonly rooms: () => readonly RoomToMove[];
  readonly sessions: () => readonly (Leaver & Movable)[];
  readonly times: DrainTimes;
  /** This server is a target of one of them; without any only SIGTERM tells that it must go. */
  readonly targetGroups?: readonly TargetGroup[];
  /** See DepartureDependencies. */
  readonly stepBack: () => void;
  readonly ending: Ending;
  /** The server is gone; `unfinished` did not end in order. */
  readonly onGone: (unfinished: string[]) => void;
}

export class Tenure {
  readonly #deps: TenureDependencies;
  readonly #departure: Departure;
  readonly #rebalance: Rebalance;
  #times: DrainTimes;
  #watch: TargetWatch | undefined;
  #isLeaving = false;

  constructor(deps: TenureDependencies) {
    const { clock, log, self, cluster, rooms, sessions, stepBack, ending } = deps;
    this.#deps = deps;
    this.#times = deps.times;
    const draining = () => this.#watch?.draining ?? new Set<string>();
    this.#departure = new Departure({
      ...{ clock, log, rooms, stepBack, ending },
      heritage: new Heritage({ clock, self, cluster, rooms, draining }),
      farewell: new Farewell(clock, sessions),
      players: () => sessions().filter(({ place }) => place === "seated").length,
      refreshTargets: async () => this.#watch?.refresh(),
    });
    this.#rebalance = new Rebalance({ clock, log, self, cluster, rooms, sessions });
  }

  /** The server is ready; `address` is what it is registered with at the target group, host:port. */
  begin(address: string): void {
    const { clock, random, log, targetGroups: groups = [] } = this.#deps;
    if (this.#isLeaving) return;
    this.#rebalance.start();
    if (groups.length === 0) return;
    const onDraining = (unnoticedMs: number) => this.#drain(unnoticedMs);
    const intervals = { pollMs: this.#times.pollMs, backOffMaxMs: backOffMaxMs(this.#times) };
    this.#watch = new TargetWatch({ clock, random, log, groups, address, ...intervals, onDraining });
    this.#watch.start();
    void this.#compareDelay(groups);
  }

  /** Told to stop: within what the stop timeout leaves. Resolves when the server is gone. */
  stop(cause: string): Promise<string[]> {
    return this.#leave(cause, { windowMs: stopWindowMs(this.#times), settleMs: SETTLE_MS, lingerMs: 0 });
  }

  /** See Departure. */
  leaveAtOnce(cause: string): Promise<string[]> {
    return this.#await(this.#departure.leaveAtOnce(cause));
  }

  status() {
    return this.#departure.status();
  }

  #drain(unnoticedMs: number): void {
    const { pollMs, propagationLagMs } = this.#times;
    const times = {
      windowMs: drainWindowMs(this.#times, unnoticedMs),
      settleMs: settleMs(this.#watch?.intervalMs ?? pollMs),
      lingerMs: propagationLagMs,
    };
    void this.#leave("target draining", times);
  }

  #leave(cause: string, times: LeaveTimes): Promise<string[]> {
    return this.#await(this.#departure.leave(cause, times));
  }

  /** The watch goes on until the end: who else is leaving matters now more than before. */
  async #await(leaving: Promise<string[]>): Promise<string[]> {
    const isFirst = !this.#isLeaving;
    this.#isLeaving = true;
    this.#rebalance.close();
    const unfinished = await leaving;
    this.#watch?.close();
    if (isFirst) this.#deps.onGone(unfinished);
    return unfinished;
  }

  /** The load balancer cuts when its own delay is over, whatever this server was told. */
  async #compareDelay(groups: readonly TargetGroup[]): Promise<void> {
    const { log, times } = this.#deps;
    const answers = await Promise.all(groups.map((group) => group.deregistrationDelayMs().catch(() => Infinity)));
    const actualMs = Math.min(...answers);
    if (actualMs === Infinity || actualMs === times.deregistrationDelayMs) return;
    const shorterMs = Math.min(actualMs, times.deregistrationDelayMs);
    this.#times = { ...times, deregistrationDelayMs: shorterMs };
    const configuredMs = times.deregistrationDelayMs;
    log.warn({
      event: "deregistration-delay-differs",
      configuredMs,
      actualMs,
      problem: whyTooShort(this.#times, true),
    });
  }
}
