// For tests: what a room full of bots says tick by tick.

import {
  addBoat,
  botControls,
  createWorld,
  type GameEvent,
  step,
  type View,
  viewOf,
  type World,
} from "../sim/index.ts";

export interface FightTick {
  view: View;
  events: GameEvent[];
}

export function fightWorld(seed: number, boats: number): World {
  const world = createWorld(seed);
  for (let index = 0; index < boats; index++) addBoat(world, index, { bot: true });
  return world;
}

export function fightOn(world: World): FightTick {
  const events = step(
    world,
    world.boats.map((_, index) => botControls(world, index)),
  );
  return { view: viewOf(world), events };
}
