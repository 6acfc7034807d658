// Numbers and names as the HUD writes them. Pure.

import type { Path, Welcome } from "../../game/protocol/index.ts";
import type { Reach } from "../regions/choice.ts";
import type { Region } from "../regions/region-list.ts";
import { writeRoomAddress } from "../regions/room-address.ts";

/** Up to here prediction hides the way; up to there one notices that others are seen late. */
const GOOD_RTT_MS = 80;
const FAIR_RTT_MS = 160;

/** 2:05 */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function formatMs(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : Math.round(ms * 10) / 10} ms`;
}

export function formatRate(bytesPerSecond: number): string {
  return bytesPerSecond < 1024 ? `${Math.round(bytesPerSecond)} B/s` : `${(bytesPerSecond / 1024).toFixed(1)} KB/s`;
}

/** "Europe · s2 · v1 · room eu-KQXR · 23 ms": the gateway, because that is the server one is on. */
export function formatStatus(
  path: Path | undefined,
  welcome: Welcome | undefined,
  rttMs: number,
  region?: Region,
): string {
  if (!path || !welcome) return "offline practice · no server";
  const room = writeRoomAddress(region?.id, welcome.room);
  const server = `${path.gateway.id} · ${path.gateway.version} · room ${room} · ${Math.round(rttMs)} ms`;
  return region ? `${region.name} · ${server}` : server;
}

/** Of a region one does not play in yet: whole milliseconds are more than such a measurement knows. */
export const formatRegionMs = (rttMs: number): string => `${Math.max(1, Math.round(rttMs))} ms`;

/** How it will feel to play there. */
export function reachGrade(reach: Reach): "unknown" | "lost" | "good" | "fair" | "far" {
  if (reach === undefined) return "unknown";
  if ("failed" in reach) return "lost";
  if (reach.rttMs <= GOOD_RTT_MS) return "good";
  return reach.rttMs <= FAIR_RTT_MS ? "fair" : "far";
}

/** "1st", "2nd", "3rd", "4th" … */
export function formatPlace(place: number): string {
  const teen = place % 100 >= 11 && place % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${ending}`;
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
