// A room's code as people pass it on: four letters, and before them the region that the room is in.

import { CODE_ALPHABET, CODE_LENGTH, REGION_ID_LENGTH } from "../../game/protocol/limits.ts";

export interface RoomAddress {
  /** Undefined: the region of the page. */
  region: string | undefined;
  /** What servers call it. */
  room: string;
}

const ADDRESS = new RegExp(`^(?:([a-z]{${REGION_ID_LENGTH}})[\\s-]+)?([${CODE_ALPHABET}]{${CODE_LENGTH}})$`, "i");
const TEXT_MAX_UNITS = 32;

/** Reads `QKFR`, `eu-QKFR` and what people make of them: other cases, blanks. Undefined when it is neither. */
export function readRoomAddress(text: string): RoomAddress | undefined {
  // Only ASCII is folded: "ı" and "ſ" would become letters of the alphabet otherwise.
  const [, region, room] = text.length > TEXT_MAX_UNITS ? [] : (ADDRESS.exec(text.trim()) ?? []);
  return room === undefined ? undefined : { region: region?.toLowerCase(), room: room.toUpperCase() };
}

/** `eu-QKFR`, or the letters alone where there are no regions. */
export const writeRoomAddress = (region: string | undefined, room: string): string =>
  region === undefined ? room : `${region}-${room}`;
