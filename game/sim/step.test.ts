import { describe, expect, it } from "vitest";
import {
  addBoat,
  type Boat,
  botControls,
  createWorld,
  type GameEvent,
  hashWorld,
  MAX_REWIND_TICKS,
  neutralControls,
  removeBoat,
  step,
  viewOf,
  type World,
} from "./index.ts";
import { randomBelow } from "./random.ts";
import { ahead, boatAt, worldWith } from "./test-worlds.ts";

function fight(seed: number, boats: number): World {
  const world = createWorld(seed);
  for (let index = 0; index < boats; index++) addBoat(world, index, { bot: true });
  return world;
}

function fightOn(world: World, ticks: number): GameEvent[] {
  const events: GameEvent[] = [];
  for (let tick = 0; tick < ticks; tick++)
    events.push(
      ...step(
        world,
        world.boats.map((_, index) => botControls(world, index)),
      ),
    );
  return events;
}

describe("a step", () => {
  it("gives the same world and the same events from the same start and inputs", () => {
    const one = fight(21, 16);
    const two = fight(21, 16);
    expect(fightOn(one, 900)).toEqual(fightOn(two, 900));
    expect(hashWorld(one)).toBe(hashWorld(two));
    expect(hashWorld(fight(22, 16))).not.toBe(hashWorld(fight(21, 16)));
  });

  it("goes on from a world that went through JSON as if nothing had been", () => {
    const world = fight(23, 16);
    fightOn(world, 500);
    const copy: World = JSON.parse(JSON.stringify(world));
    expect(hashWorld(copy)).toBe(hashWorld(world));
    expect(fightOn(copy, 400)).toEqual(fightOn(world, 400));
    expect(hashWorld(copy)).toBe(hashWorld(world));
  });

  it("replays from its inputs alone, bots included, to the same hash", () => {
    const world = fight(24, 8);
    const inputs = Array.from({ length: 600 }, () => {
      const controls = world.boats.map((_, index) => botControls(world, index));
      step(world, controls);
      return controls;
    });
    const replay = fight(24, 8);
    for (const controls of inputs) step(replay, controls);
    expect(hashWorld(replay)).toBe(hashWorld(world));
  });

  it("holds the last controls of a boat, and counts only the inputs that it was given", () => {
    const world = worldWith([
      [1000, 200],
      [1000, 400],
    ]);
    const given = { ...ahead };
    step(world, [given, undefined]);
    given.throttle = -7;
    step(world, []);
    step(world, [undefined, neutralControls]);
    expect(boatAt(world, 0)).toMatchObject({ inputsApplied: 1, controls: ahead });
    expect(boatAt(world, 1).inputsApplied).toBe(1);
    expect(boatAt(world, 0).vx).toBeGreaterThan(50);
    expect(world.tick).toBe(3);
  });

  it("takes the controls of a sunk boat without moving it", () => {
    const world = worldWith([[1000, 200]]);
    Object.assign(boatAt(world, 0), { hull: 0, respawnIn: 50 });
    const { x, y } = boatAt(world, 0);
    for (let tick = 0; tick < 10; tick++) step(world, [{ ...ahead, fire: true }]);
    expect(boatAt(world, 0)).toMatchObject({ x, y, inputsApplied: 10, controls: { throttle: 7 } });
    expect(world.balls).toEqual([]);
  });

  it("remembers where boats were, newest first, for as long as a shot may look back", () => {
    const world = worldWith([[1000, 200]]);
    const places: [number, number][] = [];
    for (let tick = 0; tick < 12; tick++) {
      step(world, [ahead]);
      places.unshift([boatAt(world, 0).x, boatAt(world, 0).y]);
    }
    expect(world.history.length).toBe(MAX_REWIND_TICKS);
    expect(world.history.map((row) => row[0])).toEqual(places.slice(0, MAX_REWIND_TICKS));
  });

  it("keeps lists bounded, numbers whole and seats sound while boats come, go and do senseless things", () => {
    const world = createWorld(25);
    const chance = { random: 7 };
    for (let tick = 0; tick < 1500; tick++) {
      const seat = randomBelow(chance, 32);
      if (randomBelow(chance, 4) === 0) {
        if (world.boats[seat]) removeBoat(world, seat);
        else addBoat(world, seat, { bot: false });
      }
      const senseless = world.boats.map(() => ({
        throttle: randomBelow(chance, 15) - 7,
        rudder: randomBelow(chance, 15) - 7,
        aim: randomBelow(chance, 256),
        fire: randomBelow(chance, 2) === 0,
        lagTicks: randomBelow(chance, 8),
      }));
      step(world, senseless);
      expect(world.balls.length).toBeLessThanOrEqual(256);
      expect(world.pearls.length).toBeLessThanOrEqual(120);
      expect(world.boats.every((boat) => !boat || isSound(boat))).toBe(true);
    }
    expect(JSON.parse(JSON.stringify(world))).toEqual(world);
  });
});

function isSound(boat: Boat): boolean {
  const isWhole = Number.isInteger(boat.x + boat.y + boat.vx + boat.vy + boat.hull + boat.score);
  return isWhole && (boat.hull === 0) === boat.respawnIn > 0;
}

describe("a view", () => {
  it("shows no controls, and does not change with the world", () => {
    const world = fight(26, 3);
    fightOn(world, 30);
    const view = viewOf(world);
    const copy = structuredClone(view);
    expect(view.boats[0]).not.toHaveProperty("controls");
    fightOn(world, 100);
    expect(view).toEqual(copy);
    expect(view.tick).toBe(30);
  });
});

describe("a hash", () => {
  it("changes with every number in the world", () => {
    const world = fight(27, 2);
    fightOn(world, 100);
    world.balls.push({ id: 1, boat: 0, x: 1, y: 2, vx: 3, vy: 4, ticksLeft: 5, lagTicks: 6 });
    const before = hashWorld(world);
    const change = (part: object, path: string): void => {
      for (const [key, value] of Object.entries(part)) {
        const holder = part as Record<string, unknown>;
        if (typeof value === "number") holder[key] = value + 1;
        else if (typeof value === "boolean") holder[key] = !value;
        else if (value && typeof value === "object") change(value, `${path}.${key}`);
        if (typeof value === "object" || typeof value === "string") continue;
        expect(hashWorld(world), `${path}.${key}`).not.toBe(before);
        holder[key] = value;
      }
    };
    change(world, "world");
    world.phase = "podium";
    expect(hashWorld(world)).not.toBe(before);
  });
});
