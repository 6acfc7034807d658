// One tick of a world. Deterministic: the same world and the same inputs give the same world and events, on every machine.

import { stepBoat } from "./boat-motion.ts";
import { BOUNCE_EVENT_MIN, stepCollisions } from "./collisions.ts";
import { MAX_REWIND_TICKS } from "./constants.ts";
import { stepBalls, stepGuns } from "./hits.ts";
import { stepPearls } from "./pearls.ts";
import { gridOf, type PlaceGrid } from "./place-grid.ts";
import { stepRound } from "./rounds.ts";
import { placeAfloat } from "./spawn.ts";
import { type Terrain, terrainOf } from "./terrain.ts";
import type { BoatState, GameEvent, StepInputs, World } from "./world.ts";

/** Changes the world in place and returns what happened, in order. Controls must be within their ranges (decoders see to that). */
export function step(world: World, inputs: StepInputs): GameEvent[] {
  const events: GameEvent[] = [];
  const terrain = terrainOf(world.seed, world.waters);
  world.tick += 1;
  applyInputs(world, inputs);
  moveBoats(world, terrain, events);
  const boats = gridOf(terrain.waters, world.boats);
  stepCollisions(world, boats, events);
  bringBack(world, boats, events);
  if (world.phase === "playing") {
    stepBalls(world, terrain, boats, events);
    stepGuns(world, events);
    stepPearls(world, boats, events);
  }
  remember(world);
  stepRound(world, events);
  return events;
}

function applyInputs(world: World, inputs: StepInputs): void {
  for (let index = 0; index < world.boats.length; index++) {
    const boat = world.boats[index];
    const controls = inputs[index];
    if (!boat || !controls) continue;
    boat.controls = { ...controls };
    boat.inputsApplied += 1;
  }
}

function moveBoats(world: World, terrain: Terrain, events: GameEvent[]): void {
  for (let index = 0; index < world.boats.length; index++) {
    const boat = world.boats[index];
    if (!boat) continue;
    const strength = stepBoat(boat, boat.controls, terrain);
    if (strength >= BOUNCE_EVENT_MIN) events.push({ type: "bounce", boat: index, x: boat.x, y: boat.y, strength });
  }
}

function bringBack(world: World, boats: PlaceGrid, events: GameEvent[]): void {
  for (let index = 0; index < world.boats.length; index++) {
    const boat = world.boats[index];
    if (!boat || boat.hull > 0 || boat.respawnIn > 0) continue;
    placeAfloat(world, boat);
    boats.put(index, boat.x, boat.y);
    events.push({ type: "respawn", boat: index });
  }
}

/** Adds this tick's places as the newest row of the history. */
function remember(world: World): void {
  const row = world.history.length >= MAX_REWIND_TICKS ? world.history.pop()! : [];
  row.length = world.boats.length;
  for (let index = 0; index < world.boats.length; index++) {
    const boat = world.boats[index];
    row[index] = boat && boat.hull > 0 ? placed(row[index], boat) : null;
  }
  world.history.unshift(row);
}

/** Into the place that is there from a row that is used again, if one is. */
function placed(place: [x: number, y: number] | null | undefined, { x, y }: BoatState): [x: number, y: number] {
  if (!place) return [x, y];
  place[0] = x;
  place[1] = y;
  return place;
}
