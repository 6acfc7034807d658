// A room of this server between its last tick here and the word where it goes on: what players here do in that moment is kept for the next
// owner, and who wants to join waits.

import type { PlayerId, SeatRequest } from "../room/room-port.ts";
import { SEALED_GOODBYES_MAX } from "./limits.ts";
import type { SeatsHere } from "./seats-here.ts";

/** What can be said of a player who goes. */
export interface Goodbyes {
  away(player: PlayerId, connection: string): void;
  leave(player: PlayerId): void;
}

export class MovingRoom {
  readonly #seats: SeatsHere;
  readonly #goodbyes: ((next: Goodbyes) => void)[] = [];
  readonly #moved: Promise<"moved">;
  #setMoved: (moved: "moved") => void = () => {};

  constructor(seats: SeatsHere) {
    this.#seats = seats;
    this.#moved = new Promise((resolve) => {
      this.#setMoved = resolve;
    });
  }

  join(_request: SeatRequest): Promise<"moved"> {
    return this.#moved;
  }

  input(player: PlayerId, frame: Uint8Array): void {
    this.#seats.keep(player, frame);
  }

  away(player: PlayerId, connection: string): void {
    this.#keep((next) => next.away(player, connection));
  }

  leave(player: PlayerId): void {
    this.#keep((next) => next.leave(player));
  }

  /** The next owner begins with a keyframe. */
  wantKeyframe(): void {}

  /** The answer tells the next owner who went meanwhile. */
  end(): (next: Goodbyes) => void {
    this.#setMoved("moved");
    return (next) => {
      for (const say of this.#goodbyes) say(next);
    };
  }

  /** One that is too many is not told: the next owner misses the player in this gateway's presence. */
  #keep(goodbye: (next: Goodbyes) => void): void {
    if (this.#goodbyes.length < SEALED_GOODBYES_MAX) this.#goodbyes.push(goodbye);
  }
}
