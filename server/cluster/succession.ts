// What a gateway does when a remote room falls silent: finds out from the directory who owns it, follows a new owner, or claims the room
// of one that is gone.
//
//   silent --lease runs--> wait         silent --higher epoch--> follow the new owner
//   silent --lease and heartbeat ran out, we know for sure--> claim: won -> the room runs here, lost -> follow the winner
//   silent --directory does not know it, for long--> the room is over

import type { Clock } from "../clock.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import type { RoutedRoom } from "./routed-room.ts";
import type { ClusterStore, RoomRecord } from "./store.ts";
import { LOST_ROOM_MS, SILENCE_MS, WATCH_INTERVAL_MS } from "./timing.ts";

export interface SuccessionDependencies {
  readonly clock: Clock;
  readonly store: ClusterStore;
  readonly self: ServerId;
  readonly rooms: () => Iterable<RoutedRoom>;
  /** How long Redis has answered without a break; 0 while it does not. */
  readonly contactMs: () => number;
  /** Claims the room if that is allowed, and runs it here; follows nobody. */
  readonly claim: (record: RoomRecord) => Promise<unknown>;
  /** Tells the owner that nobody hears its room: it may not know that the room is its own. */
  readonly remind: (record: RoomRecord) => void;
}

export class Succession {
  readonly #deps: SuccessionDependencies;
  readonly #asking = new Set<RoutedRoom>();
  /** Since when the directory has not known a room, or not as one that anybody runs. */
  readonly #lostSinceMs = new Map<RoomCode, number>();
  #stopTimer: () => void = () => {};

  constructor(deps: SuccessionDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopTimer = this.#deps.clock.after(WATCH_INTERVAL_MS, () => {
      this.#look();
      this.start();
    });
  }

  close(): void {
    this.#stopTimer();
  }

  #look(): void {
    const silent = new Set<RoomCode>();
    for (const room of this.#deps.rooms()) {
      if (room.silentForMs < SILENCE_MS) continue;
      silent.add(room.code);
      if (this.#deps.contactMs() > 0 && !this.#asking.has(room)) void this.#ask(room);
    }
    for (const code of this.#lostSinceMs.keys()) if (!silent.has(code)) this.#lostSinceMs.delete(code);
  }

  async #ask(room: RoutedRoom): Promise<void> {
    this.#asking.add(room);
    try {
      await this.#settle(room, await this.#deps.store.room(room.code));
    } catch {
      // Redis does not answer: the next look asks again.
    } finally {
      this.#asking.delete(room);
    }
  }

  async #settle(room: RoutedRoom, record: RoomRecord | undefined): Promise<void> {
    if (room.place !== "remote") return;
    // The code has gone to another room since: ours is over.
    if (record && record.birth !== room.birth) return room.end("room-closed");
    if (!record || record.leaseLeftMs < -LOST_ROOM_MS || record.epoch < room.epoch) this.#lost(room);
    if (!record) return;
    if (record.epoch > room.epoch && record.owner.id !== this.#deps.self)
      return room.follow(record.owner, record.epoch);
    const isOurs = record.owner.id === this.#deps.self;
    if (record.leaseLeftMs <= 0 && !isOurs) this.#deps.remind(record);
    if (record.leaseLeftMs <= 0 || isOurs) await this.#deps.claim(record);
  }

  /** Nobody announces the room again, not even its living owner: it is over there. */
  #lost(room: RoutedRoom): void {
    const nowMs = this.#deps.clock.now();
    const sinceMs = this.#lostSinceMs.get(room.code) ?? nowMs;
    this.#lostSinceMs.set(room.code, sinceMs);
    // The time in which nobody could announce anything does not count.
    if (Math.min(nowMs - sinceMs, this.#deps.contactMs()) < LOST_ROOM_MS) return;
    this.#lostSinceMs.delete(room.code);
    room.end("room-closed");
  }
}
