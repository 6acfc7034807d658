// What the page's address asks for: a room to join, and switches for scripts.

import { CODE_ALPHABET, CODE_LENGTH } from "../../game/protocol/limits.ts";

export interface PageRequest {
  /** From `?room=CODE` or `#CODE`. */
  room: string | undefined;
  /** `?play=1`: skip the start screen. */
  play: boolean;
  /** `?name=X`. */
  name: string | undefined;
  /** `?offline=1`: practise without a server. */
  offline: boolean;
  /** `?quality=0…5`: keep this picture quality (0 is the finest). */
  quality: number | undefined;
}

export function readAddress(address: string): PageRequest {
  const url = new URL(address);
  const query = url.searchParams;
  const quality = query.get("quality");
  return {
    room: roomCode(query.get("room") ?? "") ?? roomCode(url.hash.slice(1)),
    play: query.get("play") === "1",
    name: query.get("name") ?? undefined,
    offline: query.get("offline") === "1",
    quality: quality !== null && /^[0-5]$/.test(quality) ? Number(quality) : undefined,
  };
}

/** The code in upper case, or undefined when it cannot be one. */
export function roomCode(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  const fits = code.length === CODE_LENGTH && [...code].every((letter) => CODE_ALPHABET.includes(letter));
  return fits ? code : undefined;
}

/** The same address, but with no room in it other than this one. */
export function withoutOtherRoom(address: string, room: string): string {
  if (readAddress(address).room === room) return address;
  const url = new URL(address);
  url.searchParams.delete("room");
  url.hash = "";
  return url.href;
}

/** A link that seats its reader in this room. */
export function shareLink(address: string, room: string): string {
  const url = new URL("/", address);
  url.searchParams.set("room", room);
  return url.href;
}
