// For tests: small worlds whose every detail a test chooses.

import {
  addBoat,
  BASIN,
  type Boat,
  type Controls,
  createWorld,
  type GameEvent,
  neutralControls,
  step,
  type Terrain,
  type World,
} from "./index.ts";

/** Water and walls, nothing else. */
export const openSea: Terrain = { seed: 0, waters: BASIN, islands: [], swirls: [] };

export const ahead: Controls = { ...neutralControls, throttle: 7 };
export const firing: Controls = { ...neutralControls, fire: true };

/** A world with boats at rest in the given places (pixels), afloat and unprotected, and without pearls. */
export function worldWith(places: readonly [number, number][], seed = 5): World {
  const world = createWorld(seed);
  world.pearls = [];
  for (const [index, [xPx, yPx]] of places.entries()) {
    addBoat(world, index, { bot: false });
    Object.assign(world.boats[index]!, { x: xPx * 64, y: yPx * 64, heading: 0, aim: 0, protectedFor: 0 });
  }
  return world;
}

export function boatAt(world: World, index: number): Boat {
  const boat = world.boats[index];
  if (!boat) throw new Error(`no boat at ${index}`);
  return boat;
}

/** Steps with the same inputs until something of that type happened, and returns it. */
export function stepUntil<T extends GameEvent["type"]>(
  world: World,
  type: T,
  controls: readonly (Controls | undefined)[] = [],
  maxTicks = 400,
): Extract<GameEvent, { type: T }> {
  for (let tick = 0; tick < maxTicks; tick++) {
    const event = step(world, controls).find((candidate) => candidate.type === type);
    if (event) return event as Extract<GameEvent, { type: T }>;
  }
  throw new Error(`nothing of type ${type} in ${maxTicks} ticks`);
}
