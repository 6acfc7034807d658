// Numbers and names as the HUD writes them. Pure.

import type { Path, Welcome } from "../../game/protocol/index.ts";

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

/** "s2 · v1 · room KQXR · 23 ms": the gateway, because that is the server one is on. */
export function formatStatus(path: Path | undefined, welcome: Welcome | undefined, rttMs: number): string {
  if (!path || !welcome) return "offline practice · no server";
  return `${path.gateway.id} · ${path.gateway.version} · room ${welcome.room} · ${Math.round(rttMs)} ms`;
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
