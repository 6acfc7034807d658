// The regions as the page knows them: which there are, how far each is, which one is played in. The player's choice is remembered; without
// one it is the nearest known so far. Nothing here is waited for but the list, and that not for long.

import type { PageMemory } from "../browser/storage.ts";
import type { Clock } from "../net/clock.ts";
import { isFailed, isReached, nearest, type Reach } from "./choice.ts";
import type { Ping } from "./ping.ts";
import { NO_REGIONS, type Region, type RegionList } from "./region-list.ts";
import type { RoomAddress } from "./room-address.ts";
import { Scout } from "./scout.ts";

/** A page whose list does not come by then plays where it came from. */
const LIST_TIMEOUT_MS = 10_000;

export interface RegionsParts {
  load: (signal: AbortSignal) => Promise<RegionList>;
  ping: Ping;
  clock: Clock;
  memory: Pick<PageMemory, "region">;
}

export class Regions {
  /** Resolves when it is known which regions there are; there may be none. Never rejects. */
  readonly loaded: Promise<void>;
  readonly #parts: RegionsParts;
  readonly #scout: Scout;
  readonly #reaches = new Map<string, Reach>();
  readonly #listeners = new Set<() => void>();
  #list = NO_REGIONS;
  #nearest: string | undefined;
  /** Those who want to know how far the regions are, each by the function that ends it. */
  readonly #lookers = new Set<() => void>();

  constructor(parts: RegionsParts) {
    this.#parts = parts;
    this.#scout = new Scout({ ...parts, found: (id, reach) => this.#found(id, reach) });
    this.loaded = this.#load();
  }

  get all(): readonly Region[] {
    return this.#list.regions;
  }

  /** Where quick play goes now; undefined without regions. */
  get current(): Region | undefined {
    const wished = this.find(this.#parts.memory.region);
    return wished && !isFailed(this.reach(wished)) ? wished : (this.nearest ?? this.all[0]);
  }

  /** The nearest, as far as is known. */
  get nearest(): Region | undefined {
    return this.find(this.#nearest);
  }

  find(id: string | undefined): Region | undefined {
    return this.all.find((region) => region.id === id);
  }

  reach(region: Region): Reach {
    return this.#reaches.get(region.id);
  }

  /** The region of a room; undefined when there is none of that name. A room without one is in the region of the page. */
  regionOf(address: RoomAddress): Region | undefined {
    return address.region === undefined ? (this.find(this.#list.here) ?? this.current) : this.find(address.region);
  }

  /** The nearest that is known to answer, besides one. */
  nearestBut(region: Region): Region | undefined {
    const others = this.all.filter(({ id }) => id !== region.id);
    const id = nearest(
      others.map((other) => other.id),
      this.#reaches,
      undefined,
    );
    const found = this.find(id);
    return found && isReached(this.reach(found)) ? found : undefined;
  }

  /** Choosing the nearest means: the nearest, whichever that will be. */
  choose(region: Region): void {
    this.#parts.memory.region = region.id === this.#nearest ? undefined : region.id;
    this.#tell();
  }

  /** Measures, beginning anew with each call, until every answer was called; then nothing is known, for nothing stays as it was. */
  measure(): () => void {
    const rest = () => {
      if (!this.#lookers.delete(rest) || this.#lookers.size > 0) return;
      this.#scout.stop();
      this.#reaches.clear();
    };
    this.#lookers.add(rest);
    this.#begin();
    return rest;
  }

  /** Calls back whenever something is other than before; the answer stops it. */
  watch(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => void this.#listeners.delete(changed);
  }

  async #load(): Promise<void> {
    const ending = new AbortController();
    const cancel = this.#parts.clock.after(LIST_TIMEOUT_MS, () => ending.abort());
    this.#list = await this.#parts.load(ending.signal);
    cancel();
    this.#nearest = this.#list.here;
    if (this.#lookers.size > 0) this.#begin();
    this.#tell();
  }

  #begin(): void {
    if (this.all.length > 1) this.#scout.start(this.all);
  }

  #found(id: string, reach: Reach): void {
    this.#reaches.set(id, reach);
    this.#nearest = nearest(
      this.all.map((region) => region.id),
      this.#reaches,
      this.#nearest,
    );
    this.#tell();
  }

  #tell(): void {
    for (const changed of this.#listeners) changed();
  }
}
