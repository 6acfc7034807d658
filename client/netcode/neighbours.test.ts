import { expect, test } from "vitest";
import {
  addBoat,
  BASIN,
  type BoatState,
  boatStateOf,
  createWorld,
  neutralControls,
  step,
  terrainOf,
  viewOf,
} from "../../game/sim/index.ts";
import { neighboursOf, stepNeighbours } from "./neighbours.ts";
import { Prediction } from "./prediction.ts";

const ahead = { ...neutralControls, throttle: 7 };

/** A room with boats at these places (pixels), each on its way by these units a tick. */
function room(...boats: [xPx: number, yPx: number, vx: number][]) {
  const world = createWorld(21);
  for (const [seat, [xPx, yPx, vx]] of boats.entries()) {
    addBoat(world, seat, { bot: false });
    Object.assign(world.boats[seat]!, { x: xPx * 64, y: yPx * 64, vx, vy: 0, heading: vx < 0 ? 2048 : 0, turnRate: 0 });
  }
  return world;
}

test("neighbours are the boats around the own one that are afloat", () => {
  const world = room([1000, 200, 0], [1100, 200, 0], [1000, 900, 0], [900, 200, 0]);
  world.boats[3]!.hull = 0;
  expect(neighboursOf(viewOf(world), 0)).toEqual([boatStateOf(world.boats[1]!)]);
  expect(neighboursOf(viewOf(world), 7)).toEqual([]);
});

test("a neighbour goes on along its arc", () => {
  const [boat] = neighboursOf(viewOf(room([1000, 200, 0], [1100, 200, 100])), 0);
  let neighbours: BoatState[] = [{ ...boat!, turnRate: 512 }];
  const own = boatStateOf(room([500, 200, 0]).boats[0]!);
  for (let tick = 0; tick < 8; tick++) neighbours = stepNeighbours(own, neighbours, BASIN);
  // A whole circle in eight ticks.
  expect(Math.hypot(neighbours[0]!.x - boat!.x, neighbours[0]!.y - boat!.y)).toBeLessThan(64);
  expect(neighbours[0]).toMatchObject({ heading: boat!.heading, vx: 100 });
});

test("the own boat bounces off whom it meets in the tick in which it does on the server", () => {
  const world = room([1000, 200, 500], [1220, 200, -500]);
  const prediction = new Prediction();
  const terrain = terrainOf(world.seed, world.waters);
  prediction.start(world.tick, boatStateOf(world.boats[0]!), ahead);
  prediction.rebase(world.tick, boatStateOf(world.boats[0]!), terrain, () => true, neighboursOf(viewOf(world), 0));
  let hasBounced = false;
  for (let tick = 0; tick < 20 && !hasBounced; tick++) {
    hasBounced = step(world, [ahead, ahead]).some((event) => event.type === "bounce");
    prediction.step(ahead, terrain, () => true);
  }
  expect(hasBounced).toBe(true);
  const told = world.boats[0]!;
  expect(told.vx).toBeLessThan(0);
  expect(Math.abs(prediction.boat!.x - told.x)).toBeLessThan(4 * 64);
  expect(Math.abs(prediction.boat!.vx - told.vx)).toBeLessThan(40);
});

test("a neighbour that turned away in time was not met after all", () => {
  const world = room([1000, 200, 200], [1120, 200, -200]);
  const prediction = new Prediction();
  const terrain = terrainOf(world.seed, world.waters);
  const own = boatStateOf(world.boats[0]!);
  prediction.start(world.tick, own, ahead);
  prediction.rebase(world.tick, own, terrain, () => true, neighboursOf(viewOf(world), 0));
  for (let tick = 0; tick < 16; tick++) prediction.step(ahead, terrain, () => true);
  const withIt = prediction.boat!;
  const alone = new Prediction();
  alone.start(world.tick, own, ahead);
  for (let tick = 0; tick < 16; tick++) alone.step(ahead, terrain, () => true);
  expect(withIt.x).toBeLessThan(alone.boat!.x - 64);
  prediction.rebase(world.tick, own, terrain, () => true, []);
  expect(prediction.boat).toEqual(alone.boat);
});

test("neighbours that the server has not spoken of for long are in nobody's way", () => {
  const world = room([1000, 200, 0], [1060, 200, 0]);
  const prediction = new Prediction();
  const terrain = terrainOf(world.seed, world.waters);
  const own = boatStateOf(world.boats[0]!);
  prediction.start(world.tick, own, neutralControls);
  prediction.rebase(world.tick, own, terrain, () => true, neighboursOf(viewOf(world), 0));
  for (let tick = 0; tick < 40; tick++) prediction.step(neutralControls, terrain, () => true);
  for (let tick = 0; tick < 60; tick++) prediction.step(ahead, terrain, () => true);
  expect(prediction.boat!.x).toBeGreaterThan(own.x + 100 * 64);
});
