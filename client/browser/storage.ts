// What the page remembers. The name outlives the browser; the seat (token and room) lives as long as the tab, so that a
// reload finds the same boat and a second tab is a second player. A browser that refuses storage only forgets.

import type { WatersKind } from "../../game/sim/index.ts";

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
}

const NAME_KEY = "tidegate.name";
const MUTED_KEY = "tidegate.muted";
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
    const [token, room, waters] = (read(this.#perTab, SEAT_KEY) ?? "").split(" ");
    return token && room ? { token, room, waters: waters === "arena" ? "arena" : "basin" } : undefined;
  }

  set seat(seat: SeatMemory | undefined) {
    if (seat) write(this.#perTab, SEAT_KEY, `${seat.token} ${seat.room} ${seat.waters}`);
    else remove(this.#perTab, SEAT_KEY);
  }

  /** The version for which this tab loaded itself anew last. */
  get renewedFor(): string | undefined {
    return read(this.#perTab, RENEWED_KEY);
  }

  set renewedFor(version: string) {
    write(this.#perTab, RENEWED_KEY, version);
  }
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
