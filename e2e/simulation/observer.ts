// What a simulation sees as it happens: every tick of every owner, every session of every player. Judges nothing.

import type { Session } from "../../client/netcode/session.ts";
import type { Room } from "../../server/room/room.ts";
import type { RoomLoop } from "../../server/room/room-host.ts";
import type { RoomCode, RoomFrame, ServerId } from "../../server/room/room-port.ts";
import type { Player } from "./player.ts";

export interface Ticked {
  server: ServerId;
  room: Room;
  frame: RoomFrame;
}

export class Observer {
  readonly #tickHandlers: ((ticked: Ticked) => void)[] = [];
  readonly #faultHandlers: ((what: string) => void)[] = [];
  readonly #takeoverHandlers: ((server: ServerId) => void)[] = [];
  readonly #sessionHandlers: ((player: Player, session: Session) => void)[] = [];

  onTick(handler: (ticked: Ticked) => void): void {
    this.#tickHandlers.push(handler);
  }

  /** Something threw that may not throw. */
  onFault(handler: (what: string) => void): void {
    this.#faultHandlers.push(handler);
  }

  /** A server took a room over whose owner was gone, as far as it could tell. */
  onTakeover(handler: (server: ServerId) => void): void {
    this.#takeoverHandlers.push(handler);
  }

  takeover(server: ServerId): void {
    for (const handler of this.#takeoverHandlers) handler(server);
  }

  /** A player's page was opened or loaded again; nothing has been heard yet. */
  onSession(handler: (player: Player, session: Session) => void): void {
    this.#sessionHandlers.push(handler);
  }

  session(player: Player, session: Session): void {
    for (const handler of this.#sessionHandlers) handler(player, session);
  }

  fault(where: string, error: unknown): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    for (const handler of this.#faultHandlers) handler(`${where}: ${what}`);
  }

  /** Every room that this loop makes or adopts is listened to from its first tick on. */
  watchRooms(server: ServerId, rooms: RoomLoop): void {
    const watch = (code: RoomCode) => {
      const room = rooms.get(code)!;
      room.listen({
        frame: (frame) => {
          for (const handler of this.#tickHandlers) handler({ server, room, frame });
        },
        path() {},
        closed() {},
      });
      return room;
    };
    const { create, adopt } = rooms;
    rooms.create = (...args) => watch(create.apply(rooms, args).code);
    rooms.adopt = (...args) => watch(adopt.apply(rooms, args).code);
  }
}
