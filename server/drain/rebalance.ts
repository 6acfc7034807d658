// After servers were added, running games get their share of them: what this server has too much of is given away by the same means as in a
// departure, a little at a time. New connections are not its business; the load balancer sends those where there is least.

import type { Clock } from "../clock.ts";
import type { Cluster, ServerRecord } from "../cluster/cluster.ts";
import type { MoveOffer } from "../gateway/move-ticket.ts";
import type { ServerId } from "../room/room-port.ts";
import { excessSockets, isSettled, roomToGive } from "./balance.ts";
import type { RoomToMove } from "./heirs.ts";
import { MOVES_PER_SECOND_MIN } from "./pace.ts";

/** How often the registry is looked at. */
export const LOOK_INTERVAL_MS = 2_000;
/** Servers have to be the same for so many looks: one that has just come is not yet known to the load balancer as healthy. */
const SETTLED_LOOKS = 2;
/** After something was given away, until it can be seen in the registry and in the load balancer. */
const COOL_DOWN_MS = 6_000;
/** When moving players did not help, the load balancer has its own mind: then it is tried less and less often, up to this. */
const COOL_DOWN_MAX_MS = 300_000;
/** A player is moved to even things out no more often than this. */
export const MOVED_LATELY_MS = 60_000;
/** A player has this long to take an offer. */
const OFFER_MS = 5_000;

/** A player's session, as far as this is concerned. */
export interface Movable {
  readonly isMovable: boolean;
  readonly movedAgoMs: number;
  offerMove(offer: MoveOffer): Promise<void>;
}

export interface RebalanceDependencies {
  readonly clock: Clock;
  readonly log: { info(fields: object): void };
  readonly self: ServerId;
  readonly cluster: Pick<Cluster, "servers" | "handOff">;
  readonly rooms: () => readonly RoomToMove[];
  readonly sessions: () => readonly Movable[];
}

export class Rebalance {
  readonly #deps: RebalanceDependencies;
  #stopTimer: () => void = () => {};
  #closed = false;
  #known = "";
  #looks = 0;
  #quietUntilMs = 0;
  #coolDownMs = COOL_DOWN_MS;
  /** Players that were too many when some were last asked to go. */
  #excessBefore = 0;

  constructor(deps: RebalanceDependencies) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#closed) return;
    this.#stopTimer = this.#deps.clock.after(LOOK_INTERVAL_MS, () => void this.#look().finally(() => this.start()));
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  async #look(): Promise<void> {
    const { clock, cluster } = this.#deps;
    // While Redis is away nothing is moved.
    const servers = await cluster.servers().catch(() => []);
    if (this.#closed || !this.#isSteady(servers) || clock.now() < this.#quietUntilMs) return;
    if (await this.#giveRoom(servers)) this.#quietUntilMs = clock.now() + COOL_DOWN_MS;
    else await this.#givePlayers(servers);
  }

  #isSteady(servers: readonly ServerRecord[]): boolean {
    const known = servers.map(({ id, state }) => `${id} ${state}`).sort();
    this.#looks = known.join() === this.#known ? this.#looks + 1 : 0;
    this.#known = known.join();
    return isSettled(servers) && this.#looks >= SETTLED_LOOKS;
  }

  async #giveRoom(servers: readonly ServerRecord[]): Promise<boolean> {
    const { cluster, log, rooms, self } = this.#deps;
    const given = roomToGive(servers, self, rooms());
    if (!given) return false;
    const { room, heir } = given;
    const outcome = await cluster.handOff(room.code, heir);
    log.info({ event: "rebalanced-room", room: room.code, players: room.players, heir, outcome });
    return true;
  }

  async #givePlayers(servers: readonly ServerRecord[]): Promise<void> {
    const { clock, cluster, log, self, sessions } = this.#deps;
    const excess = excessSockets(servers, self);
    if (excess === 0) {
      this.#coolDownMs = COOL_DOWN_MS;
      this.#excessBefore = 0;
      return;
    }
    if (this.#excessBefore > 0 && excess >= this.#excessBefore) {
      this.#coolDownMs = Math.min(COOL_DOWN_MAX_MS, 2 * this.#coolDownMs);
    }
    this.#excessBefore = excess;
    const settled = sessions().filter((one) => one.isMovable && one.movedAgoMs >= MOVED_LATELY_MS);
    const chosen = settled.slice(0, excess);
    log.info({ event: "rebalancing-players", excess, asked: chosen.length });
    for (const session of chosen) {
      if (this.#closed) return;
      await session.offerMove({ deadlineMs: OFFER_MS, generation: servers[0]?.generation });
      await new Promise<void>((resolve) => void clock.after(1000 / MOVES_PER_SECOND_MIN, resolve));
      // A deploy that has begun meanwhile moves everybody anyway, and once is enough.
      if (!isSettled(await cluster.servers().catch(() => []))) break;
    }
    this.#quietUntilMs = clock.now() + this.#coolDownMs;
  }
}
