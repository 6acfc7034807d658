import { describe, expect, it } from "vitest";
import {
  BALL_DAMAGE,
  type Ball,
  type GameEvent,
  HULL_FULL,
  RESPAWN_TICKS,
  step,
  terrainOf,
  type World,
} from "./index.ts";
import { boatAt, firing, stepUntil, worldWith } from "./test-worlds.ts";

function addBall(world: World, ball: Partial<Ball>): void {
  world.balls.push({ id: world.nextBallId++, boat: 0, x: 0, y: 0, vx: 0, vy: 0, ticksLeft: 30, lagTicks: 0, ...ball });
}

function hitsOf(events: GameEvent[]): GameEvent[] {
  return events.filter((event) => event.type === "hit");
}

describe("a shot", () => {
  it("costs the boat that it hits a part of its hull, and is told with who fired it", () => {
    const world = worldWith([
      [1000, 200],
      [1200, 200],
    ]);
    const shot = stepUntil(world, "shot", [firing]);
    const hit = stepUntil(world, "hit");
    expect(hit).toEqual({ type: "hit", ball: shot.ball, boat: 1, by: 0, damage: BALL_DAMAGE });
    expect(boatAt(world, 1).hull).toBe(HULL_FULL - BALL_DAMAGE);
    expect(world.balls).toEqual([]);
  });

  it("repeats while the trigger is held, once in each reload", () => {
    const world = worldWith([[1000, 200]]);
    let shots = 0;
    for (let tick = 0; tick < 61; tick++) shots += step(world, [firing]).filter(({ type }) => type === "shot").length;
    expect(shots).toBe(4);
  });

  it("does not jump over a boat, however fast the ball is", () => {
    const world = worldWith([
      [1000, 200],
      [1200, 200],
    ]);
    addBall(world, { x: 1100 * 64, y: 200 * 64, vx: 400 * 64 });
    expect(hitsOf(step(world, []))).toHaveLength(1);
  });

  it("hits the first of two boats in its way", () => {
    const world = worldWith([
      [1000, 200],
      [1400, 200],
      [1300, 200],
    ]);
    addBall(world, { x: 1100 * 64, y: 200 * 64, vx: 400 * 64 });
    expect(hitsOf(step(world, []))).toMatchObject([{ boat: 2 }]);
  });

  it("passes its own boat, sunk boats and protected boats", () => {
    const world = worldWith([
      [1200, 200],
      [1300, 200],
      [1400, 200],
    ]);
    boatAt(world, 1).protectedFor = 10;
    Object.assign(boatAt(world, 2), { hull: 0, respawnIn: 50 });
    addBall(world, { x: 1100 * 64, y: 200 * 64, vx: 400 * 64 });
    expect(hitsOf(step(world, []))).toEqual([]);
  });

  it("does not reach behind an island", () => {
    const world = worldWith([
      [1000, 200],
      [1200, 200],
    ]);
    const island = terrainOf(world.seed).islands[0]!;
    Object.assign(boatAt(world, 1), { x: island.x + island.reach + 1300, y: island.y });
    addBall(world, { x: island.x - island.reach - 1300, y: island.y, vx: 2 * island.reach + 2600 });
    expect(hitsOf(step(world, []))).toEqual([]);
    expect(world.balls).toEqual([]);
  });
});

describe("rewind", () => {
  /** A boat that was at x = 1200 three ticks ago and has jumped away since. */
  function worldWithThePast(): World {
    const world = worldWith([
      [1000, 200],
      [1200, 200],
    ]);
    for (let tick = 0; tick < 5; tick++) step(world, []);
    boatAt(world, 1).x = 1500 * 64;
    for (let tick = 0; tick < 2; tick++) step(world, []);
    return world;
  }

  it("lets a ball hit where its shooter saw the boat", () => {
    const world = worldWithThePast();
    addBall(world, { x: 1190 * 64, y: 200 * 64, vx: 500, lagTicks: 3 });
    expect(hitsOf(step(world, []))).toHaveLength(1);
  });

  it("lets it pass where the boat was at another time than the shooter's", () => {
    const world = worldWithThePast();
    addBall(world, { x: 1190 * 64, y: 200 * 64, vx: 500, lagTicks: 2 });
    addBall(world, { x: 1190 * 64, y: 200 * 64, vx: 500, lagTicks: 0 });
    expect(hitsOf(step(world, []))).toEqual([]);
  });
});

describe("a sinking", () => {
  it("takes half of the pearls, gives the points to the victor, and is over after a while", () => {
    const world = worldWith([
      [1000, 200],
      [1200, 200],
    ]);
    Object.assign(boatAt(world, 1), { hull: 10, pearls: 7 });
    const sunk = stepUntil(world, "sunk", [firing]);
    expect(sunk).toEqual({ type: "sunk", boat: 1, by: 0 });
    expect(boatAt(world, 0)).toMatchObject({ sinkings: 1, score: 5 });
    expect(boatAt(world, 1)).toMatchObject({
      hull: 0,
      losses: 1,
      pearls: 3,
      score: 3,
      respawnIn: RESPAWN_TICKS,
      vx: 0,
      vy: 0,
    });
    expect(world.pearls.length).toBe(4);
    const sunkAtTick = world.tick;
    expect(stepUntil(world, "respawn")).toEqual({ type: "respawn", boat: 1 });
    expect(world.tick - sunkAtTick).toBe(RESPAWN_TICKS);
    expect(boatAt(world, 1)).toMatchObject({ hull: HULL_FULL, pearls: 3, respawnIn: 0 });
    expect(boatAt(world, 1).protectedFor).toBeGreaterThan(0);
  });
});
