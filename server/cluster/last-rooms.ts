// Which room a player was in lately: in Redis for whichever server the player comes back to, and in this process for when Redis is away.

import type { Clock } from "../clock.ts";
import type { PlayerId, RoomCode } from "../room/room-port.ts";
import { LAST_ROOMS_MAX } from "./limits.ts";
import type { ClusterStore } from "./store.ts";
import { LAST_ROOM_MS } from "./timing.ts";

export class LastRooms {
  readonly #clock: Clock;
  readonly #store: ClusterStore;
  /** In the order of their writing, so that the first is the oldest. */
  readonly #here = new Map<PlayerId, { code: RoomCode; atMs: number }>();

  constructor(clock: Clock, store: ClusterStore) {
    this.#clock = clock;
    this.#store = store;
  }

  /** Never rejects: without Redis the memory of this process has to do. */
  async remember(player: PlayerId, code: RoomCode): Promise<void> {
    this.#here.delete(player);
    this.#here.set(player, { code, atMs: this.#clock.now() });
    if (this.#here.size > LAST_ROOMS_MAX) this.#here.delete(this.#here.keys().next().value!);
    await this.#store.rememberRoom(player, code).catch(() => {});
  }

  /** Never rejects: when Redis is away, or was emptied, the memory of this process has to do. */
  async of(player: PlayerId): Promise<RoomCode | undefined> {
    const stored = await this.#store.lastRoom(player).catch(() => undefined);
    if (stored !== undefined) return stored;
    const entry = this.#here.get(player);
    return entry && this.#clock.now() - entry.atMs < LAST_ROOM_MS ? entry.code : undefined;
  }
}
