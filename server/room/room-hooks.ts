// What a room tells the process that it runs in.

import type { Arrival } from "./input-queue.ts";
import type { Room } from "./room.ts";
import type { PlayerId } from "./room-port.ts";
import type { RosterNews } from "./roster-news.ts";

export interface RoomHooks {
  roster(room: Room, news: RosterNews): void;
  score(room: Room, score: { player: PlayerId; name: string; score: number; round: number }): void;
  arrival(arrival: Arrival): void;
  /** Something threw outside of a step; the room must be closed. */
  fault(room: Room, error: unknown): void;
}
