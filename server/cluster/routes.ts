// The rooms that this server reaches, by code: one port for each, wherever the room runs.

import type { RoomCode } from "../room/room-port.ts";
import { RoutedRoom, type RoutedRoomDependencies } from "./routed-room.ts";
import type { RoomClaim } from "./store.ts";

/** What is the same for every route of a server. */
type Shared = Omit<RoutedRoomDependencies, "code" | "birth" | "waters" | "onRetired">;

export class Routes {
  readonly #deps: Shared;
  readonly #routes = new Map<RoomCode, RoutedRoom>();

  constructor(deps: Shared) {
    this.#deps = deps;
  }

  get(code: RoomCode): RoutedRoom | undefined {
    return this.#routes.get(code);
  }

  list(): Iterable<RoutedRoom> {
    return this.#routes.values();
  }

  /** The one to that room, leading nowhere at first. Another room that had the code is over. */
  of({ code, birth, waters }: RoomClaim): RoutedRoom {
    const known = this.#routes.get(code);
    if (known?.birth === birth) return known;
    known?.end("room-closed");
    const onRetired = (route: RoutedRoom) => {
      if (this.#routes.get(code) === route) this.#routes.delete(code);
    };
    const route = new RoutedRoom({ ...this.#deps, code, birth, waters, onRetired });
    this.#routes.set(code, route);
    return route;
  }

  close(): void {
    for (const route of this.#routes.values()) route.close();
  }
}
