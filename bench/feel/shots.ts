// Own shots as they looked on the shooter's screen, against what came of them. A ball struck, on the screen, if it came over a hull there;
// it missed if it did not come near one; what is between the two is a graze, and no promise.

import type { RenderBall, RenderBoat } from "../../client/netcode/render-state.ts";
import { BALL_RADIUS_PX, BOAT_RADIUS_PX } from "../../game/sim/index.ts";

/** Nearer than this to a boat's middle, a ball is over its hull. */
export const STRUCK_PX = BOAT_RADIUS_PX;
/** Further than this it is a clear miss: hull, ball, and as much again as the ball. */
export const MISSED_PX = BOAT_RADIUS_PX + 2 * BALL_RADIUS_PX;
/** A shot on the screen and the server's are the same if the second comes within this time after the first. */
const MATCH_MS = 600;

export interface Shot {
  firedAtMs: number;
  /** The rewind that it needed when it was fired, ticks. */
  lagTicks: number;
  /** How near it came to a boat that could be hit, on the screen. */
  nearestPx: number;
  /** What the server said; `undefined` if it never spoke of the shot. */
  wasHit: boolean | undefined;
}

export class Shots {
  readonly all: Shot[] = [];
  readonly #flying = new Map<number, { shot: Shot; seen: { xPx: number; yPx: number; vx: number; vy: number } }>();
  readonly #byBall = new Map<number, Shot>();
  #atMs = 0;

  /** After each frame, with what it shows. */
  frame(balls: readonly RenderBall[], boats: readonly RenderBoat[], lagTicks: number, nowMs: number): void {
    const seconds = (nowMs - this.#atMs) / 1000;
    this.#atMs = nowMs;
    const targets = boats.filter((boat) => !boat.own && boat.afloat && !boat.isProtected);
    const shown = new Set<number>();
    for (const ball of balls) {
      // Balls that were fired here and not yet spoken of have ids below 0, and keep them.
      if (ball.id >= 0) continue;
      shown.add(ball.id);
      const flying = this.#flying.get(ball.id) ?? this.#fired(ball, lagTicks, nowMs);
      flying.seen = { xPx: ball.xPx, yPx: ball.yPx, vx: ball.vxPxPerSecond, vy: ball.vyPxPerSecond };
      flying.shot.nearestPx = Math.min(flying.shot.nearestPx, distanceTo(targets, ball));
    }
    for (const [id, { shot, seen }] of this.#flying) {
      if (shown.has(id)) continue;
      // Gone with this frame: a ball that struck is not drawn any more.
      const here = { xPx: seen.xPx + seen.vx * seconds, yPx: seen.yPx + seen.vy * seconds };
      shot.nearestPx = Math.min(shot.nearestPx, distanceTo(targets, here));
      this.#flying.delete(id);
    }
  }

  /** The server fired the own gun. */
  fired(ball: number, nowMs: number): void {
    const shot = this.all.find((one) => one.wasHit === undefined && isAbout(one.firedAtMs, nowMs));
    if (!shot) return;
    shot.wasHit = false;
    this.#byBall.set(ball, shot);
  }

  /** The server says that the ball hit. */
  hit(ball: number): void {
    const shot = this.#byBall.get(ball);
    if (shot) shot.wasHit = true;
  }

  #fired(ball: RenderBall, lagTicks: number, nowMs: number) {
    const shot: Shot = { firedAtMs: nowMs, lagTicks, nearestPx: Number.POSITIVE_INFINITY, wasHit: undefined };
    const flying = { shot, seen: { xPx: ball.xPx, yPx: ball.yPx, vx: 0, vy: 0 } };
    this.all.push(shot);
    this.#flying.set(ball.id, flying);
    return flying;
  }
}

const isAbout = (screenMs: number, serverMs: number) => serverMs - screenMs > -50 && serverMs - screenMs < MATCH_MS;

function distanceTo(boats: readonly RenderBoat[], place: { xPx: number; yPx: number }): number {
  return Math.min(...boats.map((boat) => Math.hypot(boat.xPx - place.xPx, boat.yPx - place.yPx)));
}
