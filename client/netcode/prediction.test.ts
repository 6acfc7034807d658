import { expect, test } from "vitest";
import { addBoat, boatStateOf, type Controls, createWorld, step, terrainOf } from "../../game/sim/index.ts";
import { Prediction } from "./prediction.ts";
import { seededRandom } from "./testing/virtual-time.ts";

const SEED = 21;
const terrain = terrainOf(SEED);
const always = () => true;

function controlsAt(tick: number): Controls {
  const random = seededRandom(Math.floor(tick / 7));
  const steps = () => Math.round(random() * 14) - 7;
  return { throttle: steps(), rudder: steps(), aim: Math.floor(random() * 256), fire: random() < 0.5, lagTicks: 0 };
}

function world() {
  const made = createWorld(SEED);
  addBoat(made, 0, { bot: false });
  return made;
}

test("it computes the boat of the server to the unit, shots and shores included", () => {
  const server = world();
  const prediction = new Prediction();
  prediction.start(0, boatStateOf(server.boats[0]!), controlsAt(0));
  for (let tick = 1; tick <= 1_500; tick++) {
    const events = step(server, [controlsAt(tick)]);
    const muzzle = prediction.step(controlsAt(tick), terrain, always);
    const shot = events.find((event) => event.type === "shot");
    expect(muzzle !== undefined).toBe(shot !== undefined);
    expect({ ...prediction.boat, pearls: 0, score: 0 }).toEqual({
      ...boatStateOf(server.boats[0]!),
      pearls: 0,
      score: 0,
    });
  }
});

test("a wrong prediction is stepped again from the server's word with the controls that were held", () => {
  const server = world();
  const prediction = new Prediction();
  prediction.start(0, boatStateOf(server.boats[0]!), controlsAt(0));
  for (let tick = 1; tick <= 20; tick++) prediction.step(controlsAt(tick), terrain, always);
  for (let tick = 1; tick <= 10; tick++) step(server, [controlsAt(tick)]);
  server.boats[0]!.x += 640;
  const told = boatStateOf(server.boats[0]!);
  for (let tick = 11; tick <= 20; tick++) step(server, [controlsAt(tick)]);

  const rebase = prediction.rebase(10, told, terrain, always)!;
  expect(rebase.after).toEqual(boatStateOf(server.boats[0]!));
  expect(rebase.before).not.toEqual(rebase.after);
  expect(prediction.tick).toBe(20);
});

test("a right prediction is left as it is", () => {
  const prediction = new Prediction();
  const server = world();
  prediction.start(0, boatStateOf(server.boats[0]!), controlsAt(0));
  for (let tick = 1; tick <= 20; tick++) prediction.step(controlsAt(tick), terrain, always);
  for (let tick = 1; tick <= 10; tick++) step(server, [controlsAt(tick)]);
  const rebase = prediction.rebase(10, boatStateOf(server.boats[0]!), terrain, always)!;
  expect(rebase.after).toBe(rebase.before);
});

test("a tick that is no longer remembered begins anew", () => {
  const prediction = new Prediction();
  const boat = boatStateOf(world().boats[0]!);
  prediction.start(5, boat, controlsAt(0));
  expect(prediction.rebase(900, boat, terrain, always)).toBeUndefined();
  expect(prediction.tick).toBe(900);
});

test("silent guns do not fire", () => {
  const prediction = new Prediction();
  prediction.start(0, boatStateOf(world().boats[0]!), controlsAt(0));
  const fire = { ...controlsAt(1), fire: true };
  expect(prediction.step(fire, terrain, () => false)).toBeUndefined();
  expect(prediction.step(fire, terrain, always)).toBeDefined();
});
