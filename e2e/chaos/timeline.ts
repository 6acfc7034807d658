// What one player heard, snapshot by snapshot, and the questions that a run asks of it. Pure.

import type { Takeover } from "./takeovers.ts";

/** One snapshot as it was taken in. */
export interface Heard {
  /** Of the clock of the measuring process. */
  readonly atMs: number;
  readonly tick: number;
  readonly epoch: number;
  readonly room: string;
  readonly gateway: string;
  readonly owner: string;
  /** Of the player's own boat, in this round. */
  readonly points: Points;
  readonly round: number;
}

export interface Points {
  readonly score: number;
  /** Never become fewer. */
  readonly sinkings: number;
  /** Who is sunk loses pearls, and points with them. */
  readonly losses: number;
}

export interface Timeline {
  readonly name: string;
  readonly heard: readonly Heard[];
}

/** The last that was heard up to then. */
export const lastUpTo = ({ heard }: Timeline, atMs: number): Heard | undefined =>
  heard.findLast((one) => one.atMs <= atMs);

/** The first that was heard after that. */
const firstAfter = ({ heard }: Timeline, atMs: number): Heard | undefined => heard.find((one) => one.atMs > atMs);

/** Whether player and room were on one server then. */
export function isLocal(timeline: Timeline, atMs: number): boolean {
  const last = lastUpTo(timeline, atMs);
  return last?.gateway === last?.owner;
}

/** Whether the player's room had another owner at the end of the span than at its beginning, or another life. */
export const hasNewOwner = (timeline: Timeline, fromMs: number, untilMs: number): boolean =>
  lastUpTo(timeline, fromMs)?.epoch !== lastUpTo(timeline, untilMs)?.epoch;

/**
 * The longest time without a snapshot that touches the span, whole even where it reaches beyond it. Silence at the end of
 * the recording counts; nothing heard at all is for ever.
 */
export function longestSilenceMs({ heard }: Timeline, fromMs: number, untilMs: number): number {
  const start = lastIndexUpTo(heard, fromMs);
  if (start === -1 && heard.length === 0) return Number.POSITIVE_INFINITY;
  let longestMs = 0;
  for (let at = Math.max(0, start); at < heard.length && heard[at]!.atMs < untilMs; at++) {
    longestMs = Math.max(longestMs, (heard[at + 1]?.atMs ?? untilMs) - heard[at]!.atMs);
  }
  return longestMs;
}

/** How long after `atMs` the stream went on; for ever if it did not. */
export const backAfterMs = (timeline: Timeline, atMs: number): number =>
  (firstAfter(timeline, atMs)?.atMs ?? Number.POSITIVE_INFINITY) - atMs;

/**
 * Ticks that were played before `atMs` and did not count any more afterwards, of the room that lost most: from the checkpoint that
 * it went on from to the newest that anybody had heard of it. Not a number when a room was not taken over at all.
 */
export function ticksLost(timelines: readonly Timeline[], atMs: number, takeovers: readonly Takeover[]): number {
  const newest = new Map<string, Heard>();
  for (const one of timelines.map((timeline) => lastUpTo(timeline, atMs))) {
    if (one && one.tick > (newest.get(one.room)?.tick ?? -1)) newest.set(one.room, one);
  }
  const lost = [...newest.values()].map((before) => {
    const next = takeovers.find(({ room, epoch }) => room === before.room && epoch === before.epoch + 1);
    return next ? Math.max(0, before.tick - next.tick) : Number.NaN;
  });
  return Math.max(0, ...lost);
}

/** Whether points that the player had `graceMs` before `atMs` were missing once play went on in the same round. */
export function hasLostPoints(timeline: Timeline, atMs: number, graceMs: number): boolean {
  const before = lastUpTo(timeline, atMs - graceMs);
  const last = lastUpTo(timeline, atMs);
  if (!before || !last) return false;
  const goesOn = timeline.heard.find((one) => one.atMs > atMs && (one.epoch > last.epoch || one.room !== last.room));
  if (!goesOn) return false;
  return goesOn.room !== before.room || (goesOn.round === before.round && areFewer(goesOn.points, before.points));
}

const areFewer = (now: Points, before: Points): boolean =>
  now.sinkings < before.sinkings || (now.losses === before.losses && now.score < before.score);

function lastIndexUpTo(heard: readonly Heard[], atMs: number): number {
  return heard.findLastIndex((one) => one.atMs <= atMs);
}
