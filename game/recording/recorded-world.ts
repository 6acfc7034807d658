// Whether what a recording begins with is a world. It may have been written by anybody: rules that were given anything else might never end.

import { addBoat, type Ball, createWorld, type Pearl, type World, watersOf } from "../sim/index.ts";

/** No number of a world is larger. */
const NUMBER_MAX = 2 ** 32;

const EMPTY = createWorld(1);
const BOAT = launched();
const BALL: Ball = { id: 0, boat: 0, x: 0, y: 0, vx: 0, vy: 0, ticksLeft: 0, lagTicks: 0 };
const PEARL: Pearl = { id: 0, x: 0, y: 0 };

export function isWorld(value: unknown): value is World {
  if (!isLike(value, EMPTY)) return false;
  const { waters, phase, boats, balls, pearls, history } = value;
  if (waters !== "basin" && waters !== "arena") return false;
  const { seats } = watersOf(waters);
  return (
    (phase === "playing" || phase === "podium") &&
    boats.length === seats &&
    boats.every((boat) => boat === null || isLike(boat, BOAT)) &&
    balls.every((ball) => isLike(ball, BALL) && ball.boat >= 0 && ball.boat < seats) &&
    pearls.every((pearl) => isLike(pearl, PEARL)) &&
    history.every((row) => isRow(row, seats))
  );
}

function isRow(row: unknown, seats: number): boolean {
  return Array.isArray(row) && row.length === seats && row.every(isPlace);
}

function isPlace(place: unknown): boolean {
  return place === null || (Array.isArray(place) && place.length === 2 && place.every(isNumber));
}

/** Has all that the model has: numbers that are whole, lists, objects within objects. What is in lists is not looked at. */
function isLike<Model>(value: unknown, model: Model): value is Model {
  if (typeof model === "number") return isNumber(value);
  if (Array.isArray(model)) return Array.isArray(value);
  if (typeof model !== "object" || model === null) return typeof value === typeof model;
  if (typeof value !== "object" || value === null) return false;
  const parts = value as Record<string, unknown>;
  return Object.entries(model).every(([name, part]) => isLike(parts[name], part));
}

function isNumber(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= NUMBER_MAX;
}

function launched(): World["boats"][number] {
  const world = createWorld(1);
  addBoat(world, 0, { bot: false });
  return world.boats[0]!;
}
