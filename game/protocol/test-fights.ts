// For tests: what a room full of bots says tick by tick.

import {
  addBoat,
  botControls,
  createWorld,
  type GameEvent,
  isOpenWater,
  step,
  surroundingsOf,
  terrainOf,
  UNITS_PER_PX,
  type View,
  viewOf,
  type WatersKind,
  type World,
} from "../sim/index.ts";

export interface FightTick {
  view: View;
  events: GameEvent[];
}

export function fightWorld(seed: number, boats: number, waters: WatersKind = "basin"): World {
  const world = createWorld(seed, waters);
  for (let index = 0; index < boats; index++) addBoat(world, index, { bot: true });
  return world;
}

export function fightOn(world: World): FightTick {
  const around = surroundingsOf(world);
  const events = step(
    world,
    world.boats.map((_, index) => botControls(world, index, around)),
  );
  return { view: viewOf(world), events };
}

/** Puts the boats from `from` up to `to` into open water around a place (pixels), as near to each other as boats can be. */
export function gather(world: World, from: number, to: number, xPx: number, yPx: number): void {
  const terrain = terrainOf(world.seed, world.waters);
  let turn = 0;
  for (let seat = from; seat < to; turn++) {
    const radius = 22 * Math.sqrt(turn) * UNITS_PER_PX;
    const x = Math.round(xPx * UNITS_PER_PX + radius * Math.cos(turn * 2.4));
    const y = Math.round(yPx * UNITS_PER_PX + radius * Math.sin(turn * 2.4));
    if (isOpenWater(terrain, x, y, 20 * UNITS_PER_PX)) Object.assign(world.boats[seat++]!, { x, y, vx: 0, vy: 0 });
  }
}
