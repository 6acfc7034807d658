// Cannon balls: shots are events, so a client flies them itself. Balls of others fly in the time in which others are drawn. The own
// ball leaves at once, in the own time, and is recognised when the server's shot comes; it strikes boats where the shooter sees them.

import type { Ball, BallFate, GameEvent, Muzzle, Terrain } from "../../game/sim/index.ts";
import {
  BALL_FLIGHT_TICKS,
  BOAT_RADIUS_PX,
  ballFrom,
  stepBall,
  TICK_RATE,
  UNITS_PER_PX,
} from "../../game/sim/index.ts";
import type { RenderBall, RenderBoat, RenderEvent } from "./render-state.ts";

/** Balls in flight that are remembered; further ones push out the oldest. */
const BALLS_KNOWN_MAX = 256;
/** The server's shot may be this many ticks away from the predicted one and still be the same. */
const MATCH_TICKS = 12;
/** Predicted shots have ids below 0, so that they are never mistaken for the server's. */
const FIRST_OWN_ID = -1;

type Shot = Extract<GameEvent, { type: "shot" }>;

interface Flight {
  /** As the picture knows it. */
  id: number;
  /** As the server knows it, once it does. */
  serverId: number | undefined;
  seat: number;
  own: boolean;
  startTick: number;
  muzzle: Muzzle;
  endTick: number;
  /** It fell into water (splash) rather than on land. */
  splashes: boolean;
  /** Struck a boat on this screen; the server's word on it is under way. */
  isSpent: boolean;
  /** The server's word that it hit, at this tick. */
  hitTick: number | undefined;
}

export class Balls {
  #flights: Flight[] = [];
  #nextOwnId = FIRST_OWN_ID;

  /** The own gun went off in the predicted tick. */
  predicted(seat: number, tick: number, muzzle: Muzzle, terrain: Terrain): void {
    this.#add({ ...flightOf(seat, true, tick, muzzle, terrain), id: this.#nextOwnId--, serverId: undefined });
  }

  /** A shot of the server; returns true if it was already flying here. */
  shot(shot: Shot, tick: number, own: boolean, terrain: Terrain): boolean {
    const flight = { ...flightOf(shot.boat, own, tick, shot, terrain), id: shot.ball, serverId: shot.ball };
    const known = own ? this.#unconfirmed(tick) : undefined;
    if (known) Object.assign(known, flight, { id: known.id, isSpent: known.isSpent });
    else this.#add(flight);
    return known !== undefined;
  }

  hit(serverId: number, tick: number): void {
    const flight = this.#flights.find((other) => other.serverId === serverId);
    if (flight) flight.hitTick = tick;
  }

  /** Own shots that the server should have spoken of by now were none. */
  confirmedUpTo(tick: number): void {
    const isDenied = (flight: Flight) => flight.serverId === undefined && flight.startTick + MATCH_TICKS < tick;
    if (this.#flights.some(isDenied)) this.#flights = this.#flights.filter((flight) => !isDenied(flight));
  }

  /**
   * Draws the balls into `out` and reports splashes to `events`. `othersTick` is when others are drawn, `ownTick` when the own boat is;
   * `boats` are those drawn in this frame.
   */
  draw(
    times: { othersTick: number; ownTick: number },
    boats: readonly RenderBoat[],
    out: RenderBall[],
    events: RenderEvent[],
  ): void {
    this.#flights = this.#flights.filter((flight) => {
      const tick = flight.own ? times.ownTick : times.othersTick;
      if (flight.hitTick !== undefined && (flight.own || flight.hitTick <= tick)) return false;
      if (tick >= flight.endTick) {
        if (flight.splashes && !flight.isSpent) events.push({ type: "splash", ...placeOf(flight, flight.endTick) });
        return false;
      }
      if (tick < flight.startTick || flight.isSpent) return true;
      const ball = renderBall(flight, tick);
      if (flight.own && boats.some((boat) => isStruck(boat, ball))) flight.isSpent = true;
      else out.push(ball);
      return true;
    });
  }

  clear(): void {
    this.#flights = [];
  }

  #add(flight: Flight): void {
    if (this.#flights.length >= BALLS_KNOWN_MAX) this.#flights.shift();
    this.#flights.push(flight);
  }

  #unconfirmed(tick: number): Flight | undefined {
    return this.#flights.find(
      (flight) => flight.own && flight.serverId === undefined && Math.abs(flight.startTick - tick) <= MATCH_TICKS,
    );
  }
}

function flightOf(
  seat: number,
  own: boolean,
  tick: number,
  muzzle: Muzzle,
  terrain: Terrain,
): Omit<Flight, "id" | "serverId"> {
  const { x, y, vx, vy } = muzzle;
  const ball: Ball = ballFrom({ x, y, vx, vy }, 0, seat, 0);
  let endTick = tick;
  let fate: BallFate;
  do {
    fate = stepBall(ball, terrain);
    endTick += 1;
  } while (fate === "flying");
  return {
    seat,
    own,
    startTick: tick,
    muzzle: { x, y, vx, vy },
    endTick,
    splashes: fate === "splashed",
    isSpent: false,
    hitTick: undefined,
  };
}

function placeOf(flight: Flight, tick: number): { xPx: number; yPx: number } {
  const age = tick - flight.startTick;
  return {
    xPx: (flight.muzzle.x + flight.muzzle.vx * age) / UNITS_PER_PX,
    yPx: (flight.muzzle.y + flight.muzzle.vy * age) / UNITS_PER_PX,
  };
}

function renderBall(flight: Flight, tick: number): RenderBall {
  const { id, seat, muzzle, startTick } = flight;
  const age = tick - startTick;
  return {
    id,
    seat,
    xPx: (muzzle.x + muzzle.vx * age) / UNITS_PER_PX,
    yPx: (muzzle.y + muzzle.vy * age) / UNITS_PER_PX,
    vxPxPerSecond: (muzzle.vx * TICK_RATE) / UNITS_PER_PX,
    vyPxPerSecond: (muzzle.vy * TICK_RATE) / UNITS_PER_PX,
    flightLeft: 1 - age / BALL_FLIGHT_TICKS,
  };
}

function isStruck(boat: RenderBoat, ball: RenderBall): boolean {
  if (boat.own || !boat.afloat || boat.isProtected) return false;
  return (boat.xPx - ball.xPx) ** 2 + (boat.yPx - ball.yPx) ** 2 < BOAT_RADIUS_PX ** 2;
}
