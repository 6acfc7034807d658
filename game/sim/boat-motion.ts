// How one boat moves in one tick, without the other boats. The server's step and the client's prediction both call stepBoat, so a
// client that knows its own controls computes its own boat exactly.

import {
  BOAT_RADIUS_PX,
  CONTROL_STEPS,
  MAX_SPEED_UNITS_PER_TICK,
  MAX_TURN_RATE_PER_TICK,
  TURN,
  UNITS_PER_PX,
} from "./constants.ts";
import { currentAt } from "./current.ts";
import { clamp, cosine, lengthOf, sine, unscale } from "./integer-maths.ts";
import { type Circle, islandsNear, type Terrain } from "./terrain.ts";
import type { Waters } from "./waters.ts";
import type { BoatState, Controls } from "./world.ts";

export const BOAT_RADIUS = BOAT_RADIUS_PX * UNITS_PER_PX;

/** Engine, units a tick gained in each tick at full throttle. */
const THRUST_AHEAD = 28;
const THRUST_ASTERN = 12;
/** Each tick takes this part of the speed through the water, less when the propeller rests … */
const DRAG_AHEAD_DIVISOR = 20;
const DRAG_COASTING_DIVISOR = 36;
/** … and this on top, units a tick: more than rounding can give back, so that a boat comes to rest. */
const FRICTION = 2;
/** Sideways the hull resists more: the boat slides a little in a turn, then goes where it points. */
const DRAG_SIDEWAYS_DIVISOR = 6;
/** Speed from which the rudder has its full effect, units a tick. */
const FULL_RUDDER_SPEED = 230;
/** The propeller's wash on the rudder of a boat that hardly moves, as if it went at this speed. */
const WASH_SPEED = 55;
/** How fast a turn begins and ends, directions a tick in each tick. */
const TURN_ACCELERATION = 5;
/** Share of the speed that is thrown back by a shore or a wall, in percent. */
const SHORE_BOUNCE_PERCENT = 35;

/** Hands off. */
export const neutralControls: Readonly<Controls> = Object.freeze({
  throttle: 0,
  rudder: 0,
  aim: 0,
  fire: false,
  lagTicks: 0,
});

/**
 * Moves a boat by one tick, in place. Counts down reload, protection and the time under water; a sunk boat does nothing else, and stays
 * sunk until the world puts it back. Returns how hard it ran into land or wall, units a tick; 0 if it did not.
 */
export function stepBoat(boat: BoatState, controls: Controls, terrain: Terrain): number {
  if (boat.reload > 0) boat.reload -= 1;
  if (boat.protectedFor > 0) boat.protectedFor -= 1;
  if (boat.respawnIn > 0) boat.respawnIn -= 1;
  if (boat.hull === 0) return 0;
  boat.aim = controls.aim;
  turn(boat, controls, terrain);
  boat.x += boat.vx;
  boat.y += boat.vy;
  return resolveShores(boat, terrain);
}

function turn(boat: BoatState, controls: Controls, terrain: Terrain): void {
  const current = currentAt(terrain, boat.x, boat.y);
  const throughX = boat.vx - current.x;
  const throughY = boat.vy - current.y;

  const before = unscale(throughX * cosine(boat.heading) + throughY * sine(boat.heading));
  const wanted = wantedTurnRate(before, controls);
  boat.turnRate += clamp(wanted - boat.turnRate, -TURN_ACCELERATION, TURN_ACCELERATION);
  boat.heading = (boat.heading + boat.turnRate) & (TURN - 1);

  const cos = cosine(boat.heading);
  const sin = sine(boat.heading);
  let ahead = unscale(throughX * cos + throughY * sin);
  let sideways = unscale(throughY * cos - throughX * sin);
  ahead += thrustOf(controls.throttle);
  ahead -= dragOf(ahead, controls.throttle === 0 ? DRAG_COASTING_DIVISOR : DRAG_AHEAD_DIVISOR);
  sideways -= dragOf(sideways, DRAG_SIDEWAYS_DIVISOR);
  boat.vx = limitSpeed(unscale(ahead * cos - sideways * sin) + current.x);
  boat.vy = limitSpeed(unscale(ahead * sin + sideways * cos) + current.y);
}

function wantedTurnRate(ahead: number, controls: Controls): number {
  const wash = controls.throttle > 0 ? WASH_SPEED : 0;
  const flow = clamp(ahead < 0 ? ahead : Math.max(ahead, wash), -FULL_RUDDER_SPEED, FULL_RUDDER_SPEED);
  return ((controls.rudder * MAX_TURN_RATE_PER_TICK * flow) / (CONTROL_STEPS * FULL_RUDDER_SPEED)) | 0;
}

function thrustOf(throttle: number): number {
  return ((throttle * (throttle > 0 ? THRUST_AHEAD : THRUST_ASTERN)) / CONTROL_STEPS) | 0;
}

function dragOf(speed: number, divisor: number): number {
  if (speed >= 0) return Math.min(speed, ((speed / divisor) | 0) + FRICTION);
  return Math.max(speed, ((speed / divisor) | 0) - FRICTION);
}

export function limitSpeed(speed: number): number {
  return clamp(speed, -MAX_SPEED_UNITS_PER_TICK, MAX_SPEED_UNITS_PER_TICK);
}

function resolveShores(boat: BoatState, terrain: Terrain): number {
  let strength = 0;
  for (const island of islandsNear(terrain, boat.x, boat.y)) {
    if (!touches(boat, island.x, island.y, island.reach)) continue;
    for (const circle of island.circles) {
      if (touches(boat, circle.x, circle.y, circle.radius)) strength = Math.max(strength, pushOut(boat, circle));
    }
  }
  return Math.max(strength, keepInside(boat, terrain.waters));
}

function touches(boat: BoatState, x: number, y: number, radius: number): boolean {
  const dx = boat.x - x;
  const dy = boat.y - y;
  const distance = radius + BOAT_RADIUS;
  return dx * dx + dy * dy < distance * distance;
}

function pushOut(boat: BoatState, circle: Circle): number {
  const dx = boat.x - circle.x;
  const dy = boat.y - circle.y;
  const distance = lengthOf(dx, dy);
  if (distance === 0) {
    boat.x += circle.radius + BOAT_RADIUS;
    return 0;
  }
  const wanted = circle.radius + BOAT_RADIUS;
  boat.x = circle.x + Math.round((dx * wanted) / distance);
  boat.y = circle.y + Math.round((dy * wanted) / distance);
  const inward = -((boat.vx * dx + boat.vy * dy) / distance) | 0;
  if (inward <= 0) return 0;
  const back = inward * (100 + SHORE_BOUNCE_PERCENT);
  boat.vx = limitSpeed((boat.vx + (dx * back) / (distance * 100)) | 0);
  boat.vy = limitSpeed((boat.vy + (dy * back) / (distance * 100)) | 0);
  return inward;
}

/** Puts a boat that is past the waters' wall back and throws it off. Returns how hard it hit, units a tick. */
export function keepInside(boat: BoatState, { width, height }: Waters): number {
  let strength = 0;
  const x = clamp(boat.x, BOAT_RADIUS, width - BOAT_RADIUS);
  const y = clamp(boat.y, BOAT_RADIUS, height - BOAT_RADIUS);
  if (x !== boat.x && boat.vx !== 0 && boat.vx > 0 === boat.x > x) {
    strength = Math.abs(boat.vx);
    boat.vx = ((-boat.vx * SHORE_BOUNCE_PERCENT) / 100) | 0;
  }
  if (y !== boat.y && boat.vy !== 0 && boat.vy > 0 === boat.y > y) {
    strength = Math.max(strength, Math.abs(boat.vy));
    boat.vy = ((-boat.vy * SHORE_BOUNCE_PERCENT) / 100) | 0;
  }
  boat.x = x;
  boat.y = y;
  return strength;
}
