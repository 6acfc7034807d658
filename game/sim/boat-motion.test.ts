import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOAT_RADIUS, neutralControls, stepBoat } from "./boat-motion.ts";
import {
  type BoatState,
  boatStateOf,
  CONTROL_STEPS,
  type Controls,
  currentAt,
  isOpenWater,
  MAX_SPEED_UNITS_PER_TICK,
  MAX_TURN_RATE_PER_TICK,
  type Terrain,
  TURN,
  terrainOf,
} from "./index.ts";
import { ahead, boatAt, openSea, worldWith } from "./test-worlds.ts";
import { BASIN } from "./waters.ts";

function boatInTheMiddle(): BoatState {
  return boatStateOf(boatAt(worldWith([[1600, 1200]]), 0));
}

function sail(boat: BoatState, controls: Controls, ticks: number, terrain: Terrain = openSea): void {
  for (let tick = 0; tick < ticks; tick++) stepBoat(boat, controls, terrain);
}

function pxPerSecond(boat: BoatState): number {
  return (Math.hypot(boat.vx, boat.vy) * 30) / 64;
}

describe("a boat", () => {
  it("nears its top speed of about 230 px a second in a second and a half", () => {
    const boat = boatInTheMiddle();
    sail(boat, ahead, 45);
    expect(pxPerSecond(boat)).toBeGreaterThan(200);
    sail(boat, ahead, 60);
    expect(pxPerSecond(boat)).toBeGreaterThan(225);
    expect(pxPerSecond(boat)).toBeLessThan(235);
  });

  it("glides for two seconds at least and lies quite still after three", () => {
    const boat = boatInTheMiddle();
    boat.heading = 777;
    sail(boat, ahead, 90);
    sail(boat, neutralControls, 50);
    expect(pxPerSecond(boat)).toBeGreaterThan(5);
    sail(boat, neutralControls, 40);
    expect([boat.vx, boat.vy]).toEqual([0, 0]);
  });

  it("comes to rest from any direction and speed: rounding keeps nothing moving", () => {
    for (let heading = 0; heading < TURN; heading += 37) {
      const boat = { ...boatInTheMiddle(), heading, vx: (heading * 7) % 500, vy: (heading * 11) % 400 };
      sail(boat, neutralControls, 120);
      expect([boat.vx, boat.vy, boat.turnRate]).toEqual([0, 0, 0]);
    }
  });

  it("drifts with the current when it does nothing", () => {
    const terrain = terrainOf(5);
    const boat = { ...boatInTheMiddle(), x: 1000 * 64, y: 200 * 64 };
    sail(boat, neutralControls, 200, terrain);
    const stream = currentAt(terrain, boat.x, boat.y);
    expect(stream).not.toEqual({ x: 0, y: 0 });
    expect(Math.abs(boat.vx - stream.x)).toBeLessThanOrEqual(2);
    expect(Math.abs(boat.vy - stream.y)).toBeLessThanOrEqual(2);
  });

  it("turns well at speed, little at rest, and the other way astern", () => {
    const fast = boatInTheMiddle();
    sail(fast, ahead, 60);
    sail(fast, { ...ahead, rudder: CONTROL_STEPS }, 15);
    expect(fast.turnRate).toBe(MAX_TURN_RATE_PER_TICK);

    const resting = boatInTheMiddle();
    sail(resting, { ...neutralControls, rudder: CONTROL_STEPS }, 30);
    expect(resting.heading).toBe(0);

    const astern = boatInTheMiddle();
    sail(astern, { ...neutralControls, throttle: -CONTROL_STEPS, rudder: CONTROL_STEPS }, 40);
    expect(astern.turnRate).toBeLessThan(0);
  });

  it("is much slower astern, and slower in a turn than straight", () => {
    const astern = boatInTheMiddle();
    sail(astern, { ...neutralControls, throttle: -CONTROL_STEPS }, 90);
    expect(astern.vx).toBeLessThan(0);
    expect(pxPerSecond(astern)).toBeLessThan(110);
    const turning = boatInTheMiddle();
    sail(turning, { ...ahead, rudder: CONTROL_STEPS }, 90);
    expect(pxPerSecond(turning)).toBeLessThan(190);
  });

  it("counts down what waits, and does nothing else while it is sunk", () => {
    const boat = { ...boatInTheMiddle(), hull: 0, respawnIn: 2, reload: 1, protectedFor: 3, vx: 0, vy: 0 };
    const { x, y } = boat;
    sail(boat, ahead, 3);
    expect(boat).toMatchObject({ x, y, hull: 0, respawnIn: 0, reload: 0, protectedFor: 0, vx: 0, vy: 0 });
  });

  it("bounces off walls and says how hard it hit", () => {
    const boat = { ...boatInTheMiddle(), x: BOAT_RADIUS + 100, heading: TURN / 2, vx: -400 };
    expect(stepBoat(boat, neutralControls, openSea)).toBeGreaterThan(300);
    expect(boat.x).toBe(BOAT_RADIUS);
    expect(boat.vx).toBeGreaterThan(0);
  });

  it("cannot enter an island, however it drives", () => {
    const terrain = terrainOf(5);
    for (const island of terrain.islands) {
      const boat = { ...boatInTheMiddle(), x: island.x - island.reach - 2000, y: island.y };
      for (let tick = 0; tick < 150; tick++) {
        stepBoat(boat, { ...ahead, rudder: (tick % 15) - 7 }, terrain);
        expect(isOpenWater(terrain, boat.x, boat.y, BOAT_RADIUS - 256)).toBe(true);
      }
    }
  });

  it("keeps every number whole and within the range that the wire has for it, whatever is done to it", () => {
    const step = (max: number) => fc.integer({ min: -max, max });
    const moves = fc.array(fc.tuple(step(CONTROL_STEPS), step(CONTROL_STEPS), fc.nat({ max: 255 })), { minLength: 40 });
    const property = fc.property(
      fc.nat(),
      fc.nat({ max: BASIN.width }),
      fc.nat({ max: BASIN.height }),
      moves,
      (seed, x, y, changes) => {
        const boat = { ...boatInTheMiddle(), x, y, heading: seed % TURN };
        for (const [throttle, rudder, aim] of changes) {
          for (let tick = 0; tick < 5; tick++)
            stepBoat(boat, { ...neutralControls, throttle, rudder, aim }, terrainOf(seed % 8));
          if (!isSound(boat)) throw new Error(`unsound: ${JSON.stringify(boat)}`);
        }
      },
    );
    fc.assert(property, { numRuns: 60 });
  });
});

function isSound(boat: BoatState): boolean {
  const isWhole = Object.values(boat).every((value) => Number.isInteger(value) && !Object.is(value, -0));
  const isInBasin =
    boat.x >= BOAT_RADIUS &&
    boat.x <= BASIN.width - BOAT_RADIUS &&
    boat.y >= BOAT_RADIUS &&
    boat.y <= BASIN.height - BOAT_RADIUS;
  const speed = Math.max(Math.abs(boat.vx), Math.abs(boat.vy));
  return isWhole && isInBasin && speed <= MAX_SPEED_UNITS_PER_TICK && Math.abs(boat.turnRate) <= MAX_TURN_RATE_PER_TICK;
}
