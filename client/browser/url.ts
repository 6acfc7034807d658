// What the page's address asks for: a room to join, and switches for scripts.

import type { NetConditions } from "../net/conditioner.ts";
import { readRoomAddress } from "../regions/room-address.ts";
import type { SeatMemory } from "./storage.ts";

export interface PageRequest {
  /** From `?room=CODE` or `#CODE`. */
  room: string | undefined;
  /** The region of that room, from `?room=eu-CODE`. */
  region: string | undefined;
  /** `?play=1`: skip the start screen. */
  play: boolean;
  /** `?name=X`. */
  name: string | undefined;
  /** `?offline`: practise without a server. */
  offline: boolean;
  /** `?arena`: the big arena instead of a basin. */
  arena: boolean;
  /** `?net=150,20`: a longer way to the server, milliseconds there and back, and so much jitter. */
  net: NetConditions | undefined;
  /** `?quality=0…5`: keep this picture quality (0 is the finest). */
  quality: number | undefined;
}

export function readAddress(address: string): PageRequest {
  const url = new URL(address);
  const query = url.searchParams;
  const quality = query.get("quality");
  const named = readRoomAddress(query.get("room") ?? "") ?? readRoomAddress(url.hash.slice(1));
  return {
    room: named?.room,
    region: named?.region,
    play: isOn(query.get("play")),
    name: query.get("name") ?? undefined,
    offline: isOn(query.get("offline")),
    arena: isOn(query.get("arena")),
    net: netConditions(query.get("net") ?? ""),
    quality: quality !== null && /^[0-5]$/.test(quality) ? Number(quality) : undefined,
  };
}

/** A switch is on when it is named, with "1" or with nothing. */
function isOn(value: string | null): boolean {
  return value === "" || value === "1";
}

/** At most 9999 ms and 999 ms of jitter; anything else is as if it had not been said. */
function netConditions(text: string): NetConditions | undefined {
  const [, rtt, jitter = "0"] = /^(\d{1,4})(?:,(\d{1,3}))?$/.exec(text) ?? [];
  return rtt === undefined ? undefined : { rttMs: Number(rtt), jitterMs: Number(jitter) };
}

/** Of a seat, what an address may name. */
type Place = Pick<SeatMemory, "room" | "waters" | "region">;

/** Whether whoever opens the page with this address may mean the seat that the tab has: it names no other room and no other waters. */
export function mayMean(request: PageRequest, seat: Place): boolean {
  if (request.region !== undefined && request.region !== seat.region?.id) return false;
  if (request.room !== undefined) return request.room === seat.room;
  return !request.arena || seat.waters === "arena";
}

/** The same address, but so that it leads to this seat. */
export function leadingTo(seat: Place, address: string): string {
  if (mayMean(readAddress(address), seat)) return address;
  const url = new URL(address);
  for (const name of ["room", "arena"]) url.searchParams.delete(name);
  url.hash = "";
  return url.href;
}

/** A link that seats its reader in this room; `room` is as people pass it on, `eu-CODE`. */
export function shareLink(address: string, room: string): string {
  const url = new URL("/", address);
  url.searchParams.set("room", room);
  return url.href;
}
