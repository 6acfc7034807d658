// A new world, and the copy of it that may be shown.

import { ROUND_TICKS } from "./constants.ts";
import { refillPearls } from "./pearls.ts";
import { scramble } from "./random.ts";
import { type WatersKind, watersOf } from "./waters.ts";
import type { BoatState, View, World } from "./world.ts";

/** A world at tick 0, playing its first round, without boats. `seed` is taken as unsigned 32 bits. */
export function createWorld(seed: number, waters: WatersKind = "basin"): World {
  const world: World = {
    tick: 0,
    seed: seed >>> 0,
    waters,
    random: scramble(seed >>> 0),
    phase: "playing",
    phaseEndsAtTick: ROUND_TICKS,
    round: 1,
    boats: new Array(watersOf(waters).seats).fill(null),
    balls: [],
    pearls: [],
    nextBallId: 1,
    nextPearlId: 1,
    history: [],
  };
  refillPearls(world, []);
  return world;
}

/** What is public of a world, as a copy that later steps do not change. */
export function viewOf(world: World): View {
  return {
    tick: world.tick,
    seed: world.seed,
    waters: world.waters,
    phase: world.phase,
    phaseEndsAtTick: world.phaseEndsAtTick,
    round: world.round,
    boats: world.boats.map((boat) => (boat ? boatStateOf(boat) : null)),
    // A pearl is never changed once it floats, so the objects are shared.
    pearls: world.pearls.slice(),
  };
}

/** A copy of the public part of a boat. */
export function boatStateOf(boat: BoatState): BoatState {
  return {
    x: boat.x,
    y: boat.y,
    vx: boat.vx,
    vy: boat.vy,
    heading: boat.heading,
    turnRate: boat.turnRate,
    aim: boat.aim,
    hull: boat.hull,
    reload: boat.reload,
    pearls: boat.pearls,
    score: boat.score,
    sinkings: boat.sinkings,
    losses: boat.losses,
    respawnIn: boat.respawnIn,
    protectedFor: boat.protectedFor,
  };
}
