// Names of the two channels of a room. The hash tag puts both on the shard that has the room's keys.

import type { RoomCode } from "../room/room-port.ts";

const PREFIX = "tidegate:";

/** Gateways to the owner. */
export function upChannel(code: RoomCode): string {
  return `${PREFIX}{${code}}:up`;
}

/** The owner to the gateways. */
export function downChannel(code: RoomCode): string {
  return `${PREFIX}{${code}}:down`;
}
