// The ticks that a player's inputs are labelled with: one for each tick, just ahead of the room, as an honest client does.
import type { RoomMates } from "./dialect.ts";

const AHEAD_MAX_TICKS = 3;

export function labels(room: RoomMates): () => number {
  let last = 0;
  return () => {
    last = Math.min(Math.max(last + 1, room.tick + 1), room.tick + AHEAD_MAX_TICKS);
    return last;
  };
}
