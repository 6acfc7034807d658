// One number that tells two worlds apart: for tests of determinism, hand-offs and replays.

import { watersOf } from "./waters.ts";
import type { Boat, World } from "./world.ts";

/** Unsigned 32 bits over everything in the world. Equal worlds have equal hashes; different ones almost never. */
export function hashWorld(world: World): number {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ (value & 0xffff), 0x01000193);
    hash = Math.imul(hash ^ ((value >>> 16) & 0xffff), 0x01000193);
    hash ^= hash >>> 15;
  };
  mix(world.tick);
  mix(world.seed);
  if (world.waters !== "basin") mix(watersOf(world.waters).seats);
  mix(world.random);
  mix(world.phase === "playing" ? 0 : 1);
  mix(world.phaseEndsAtTick);
  mix(world.round);
  mix(world.nextBallId);
  mix(world.nextPearlId);
  for (const boat of world.boats) {
    mix(boat ? 1 : 0);
    if (boat) mixBoat(boat, mix);
  }
  mix(world.balls.length);
  for (const ball of world.balls) {
    for (const value of [ball.id, ball.boat, ball.x, ball.y, ball.vx, ball.vy, ball.ticksLeft, ball.lagTicks])
      mix(value);
  }
  mix(world.pearls.length);
  for (const pearl of world.pearls) {
    for (const value of [pearl.id, pearl.x, pearl.y]) mix(value);
  }
  mix(world.history.length);
  for (const row of world.history) {
    for (const place of row) {
      mix(place ? place[0] : -1);
      mix(place ? place[1] : -1);
    }
  }
  return hash >>> 0;
}

function mixBoat(boat: Boat, mix: (value: number) => void): void {
  const { controls } = boat;
  const values = [
    ...[boat.x, boat.y, boat.vx, boat.vy, boat.heading, boat.turnRate, boat.aim],
    ...[boat.hull, boat.reload, boat.pearls, boat.score, boat.sinkings, boat.losses, boat.respawnIn, boat.protectedFor],
    ...[boat.bot ? 1 : 0, boat.inputsApplied],
    ...[controls.throttle, controls.rudder, controls.aim, controls.fire ? 1 : 0, controls.lagTicks],
  ];
  for (const value of values) mix(value);
}
