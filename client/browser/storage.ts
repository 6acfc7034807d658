// What the page remembers. The name outlives the browser; the seat (token and room) lives as long as the tab, so that a
// reload finds the same boat and a second tab is a second player. A browser that refuses storage only forgets.

import type { WatersKind } from "../../game/sim/index.ts";
import type { Region } from "../regions/region-list.ts";

export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface SeatMemory {
  token: string;
  room: string;
  /** Where to play if the room is no more. */
  waters: WatersKind;
  /** Whose servers signed the token, and have the room; undefined where there are no regions. */
  region?: Region;
}

const NAME_KEY = "tidegate.name";
const MUTED_KEY = "tidegate.muted";
const REGION_KEY = "tidegate.region";
const SEAT_KEY = "tidegate.seat";
const RENEWED_KEY = "tidegate.renewed-for";
const TEXT_MAX_UNITS = 2048;

export class PageMemory {
  readonly #lasting: KeyValueStore | undefined;
  readonly #perTab: KeyValueStore | undefined;

  constructor(lasting: KeyValueStore | undefined, perTab: KeyValueStore | undefined) {
    this.#lasting = lasting;
    this.#perTab = perTab;
  }

  get name(): string {
    return read(this.#lasting, NAME_KEY) ?? "";
  }

  set name(name: string) {
    write(this.#lasting, NAME_KEY, name);
  }

  get muted(): boolean {
    return read(this.#lasting, MUTED_KEY) === "yes";
  }

  set muted(muted: boolean) {
    write(this.#lasting, MUTED_KEY, muted ? "yes" : "no");
  }

  get seat(): SeatMemory | undefined {
    const [token, room, waters, id, url, ...name] = (read(this.#perTab, SEAT_KEY) ?? "").split(" ");
    if (!token || !room) return undefined;
    const region = id && url ? { region: { id, url, name: name.join(" ") } } : {};
    return { token, room, waters: waters === "arena" ? "arena" : "basin", ...region };
  }

  set seat(seat: SeatMemory | undefined) {
    if (seat) write(this.#perTab, SEAT_KEY, seatText(seat));
    else remove(this.#perTab, SEAT_KEY);
  }

  /** The region that the player has chosen, whatever tab it was in; undefined: the nearest. */
  get region(): string | undefined {
    return read(this.#lasting, REGION_KEY);
  }

  set region(id: string | undefined) {
    if (id === undefined) remove(this.#lasting, REGION_KEY);
    else write(this.#lasting, REGION_KEY, id);
  }

  /** The version for which this tab loaded itself anew last. */
  get renewedFor(): string | undefined {
    return read(this.#perTab, RENEWED_KEY);
  }

  set renewedFor(version: string) {
    write(this.#perTab, RENEWED_KEY, version);
  }
}

function seatText({ token, room, waters, region }: SeatMemory): string {
  return [token, room, waters, ...(region ? [region.id, region.url, region.name] : [])].join(" ");
}

/** Even looking at a store may throw when a browser blocks it. */
export function storeOrNothing(open: () => KeyValueStore): KeyValueStore | undefined {
  try {
    return open();
  } catch {
    // Blocked storage is a choice of the visitor; the game goes on without a memory.
    return undefined;
  }
}

function read(store: KeyValueStore | undefined, key: string): string | undefined {
  try {
    const value = store?.getItem(key) ?? undefined;
    return value && value.length <= TEXT_MAX_UNITS ? value : undefined;
  } catch {
    // As above.
    return undefined;
  }
}

function write(store: KeyValueStore | undefined, key: string, value: string): void {
  try {
    store?.setItem(key, value);
  } catch {
    // Full or blocked: forgotten at the next visit, nothing worse.
  }
}

function remove(store: KeyValueStore | undefined, key: string): void {
  try {
    store?.removeItem(key);
  } catch {
    // As above.
  }
}
