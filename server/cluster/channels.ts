// Names of the two channels of a room, and of each server's own. The hash tag of the first puts both on the shard that has the room's keys.

import type { RoomCode, ServerId } from "../room/room-port.ts";

const PREFIX = "tidegate:";

/** Gateways to the owner. */
export function upChannel(code: RoomCode): string {
  return `${PREFIX}{${code}}:up`;
}

/** The owner to the gateways. */
export function downChannel(code: RoomCode): string {
  return `${PREFIX}{${code}}:down`;
}

/** Any server to this one. */
export function inboxChannel(server: ServerId): string {
  return `${PREFIX}{server/${server}}:inbox`;
}
