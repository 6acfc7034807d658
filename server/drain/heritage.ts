// The rooms of a server that leaves, on their way to heirs: asked again, one after the other, until none is left or nobody takes them.

import type { Clock } from "../clock.ts";
import type { Cluster, HandOff, ServerRecord } from "../cluster/cluster.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import { biggestFirst, canInherit, heirsOf, leastLoaded, type RoomToMove } from "./heirs.ts";

/** Hand-offs that are remembered for whoever asks what happened lately. */
const LATEST_MAX = 16;

export interface HandOffRecord {
  room: RoomCode;
  heir: ServerId;
  outcome: HandOff;
  tookMs: number;
}

export interface HeritageDependencies {
  readonly clock: Clock;
  readonly self: ServerId;
  readonly cluster: Pick<Cluster, "servers" | "handOff">;
  readonly rooms: () => readonly RoomToMove[];
  /** Addresses of targets that are on their way out. */
  readonly draining: () => ReadonlySet<string>;
}

export class Heritage {
  readonly #deps: HeritageDependencies;
  readonly #latest: HandOffRecord[] = [];
  /** People given to each heir that it may not have reported yet. */
  readonly #given = new Map<ServerId, number>();
  readonly #refused = new Map<RoomCode, Set<ServerId>>();
  #handedOff = 0;
  #generation: number | undefined;

  constructor(deps: HeritageDependencies) {
    this.#deps = deps;
  }

  /** Rooms given away so far. */
  get handedOff(): number {
    return this.#handedOff;
  }

  /** Of the heirs, as far as they were ever known. */
  get generation(): number | undefined {
    return this.#generation;
  }

  /** The newest last. */
  get latest(): readonly HandOffRecord[] {
    return this.#latest;
  }

  /** Who would take over; `undefined` when it cannot be known: Redis is away, or has just come back and knows not even this server. */
  async heirs(): Promise<ServerRecord[] | undefined> {
    const { cluster, self, draining } = this.#deps;
    try {
      const servers = await cluster.servers();
      if (!servers.some(({ id }) => id === self)) return undefined;
      const heirs = heirsOf(servers, self, draining());
      this.#generation = heirs[0]?.generation ?? this.#generation;
      return heirs;
    } catch {
      // ClusterUnavailable: whoever asks tries again while there is time.
      return undefined;
    }
  }

  /** Offers every room to one heir, the biggest first. True when none is left. */
  async handOffAll(shallGoOn: () => boolean): Promise<boolean> {
    const heirs = await this.heirs();
    if (!heirs || heirs.length === 0) return this.#deps.rooms().length === 0;
    for (const room of biggestFirst(this.#deps.rooms())) {
      if (!shallGoOn()) break;
      await this.#handOff(room, heirs);
    }
    return this.#deps.rooms().length === 0;
  }

  async #handOff(room: RoomToMove, heirs: readonly ServerRecord[]): Promise<void> {
    const { clock, cluster } = this.#deps;
    const { code, players } = room;
    const refused = this.#refused.get(code) ?? new Set();
    const able = heirs.filter((heir) => canInherit(heir, room));
    const heir = leastLoaded(able, this.#given, refused)?.id;
    if (heir === undefined) return;
    const startMs = clock.now();
    const outcome = await cluster.handOff(code, heir);
    this.#latest.push({ room: code, heir, outcome, tookMs: clock.now() - startMs });
    if (this.#latest.length > LATEST_MAX) this.#latest.shift();
    if (outcome === "handed-off") {
      this.#handedOff += 1;
      this.#given.set(heir, (this.#given.get(heir) ?? 0) + players);
    } else if (outcome !== "not-here") {
      this.#refused.set(code, refused.add(heir));
    }
  }
}
