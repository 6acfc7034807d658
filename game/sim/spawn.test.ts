import { describe, expect, it } from "vitest";
import { addBoat, createWorld, isOpenWater, MAX_BOATS, PROTECTED_TICKS, removeBoat, step, terrainOf } from "./index.ts";
import { lengthOf } from "./integer-maths.ts";
import { boatAt, firing, worldWith } from "./test-worlds.ts";

describe("a launched boat", () => {
  it("lies in open water, far from the others, whole and protected", () => {
    for (let seed = 0; seed < 20; seed++) {
      const world = createWorld(seed);
      for (let index = 0; index < 6; index++) addBoat(world, index, { bot: index > 0 });
      for (let index = 0; index < 6; index++) {
        const boat = boatAt(world, index);
        expect(isOpenWater(terrainOf(seed), boat.x, boat.y, 90 * 64)).toBe(true);
        expect(boat).toMatchObject({
          hull: 100,
          protectedFor: PROTECTED_TICKS,
          vx: 0,
          vy: 0,
          bot: index > 0,
          inputsApplied: 0,
        });
        for (let other = 0; other < index; other++) {
          expect(lengthOf(boat.x - boatAt(world, other).x, boat.y - boatAt(world, other).y)).toBeGreaterThan(300 * 64);
        }
      }
    }
  });

  it("finds a place in a full basin", () => {
    const world = createWorld(1);
    for (let index = 0; index < MAX_BOATS; index++) addBoat(world, index, { bot: true });
    expect(world.boats.every((boat) => boat !== null)).toBe(true);
  });
});

describe("a boat that leaves", () => {
  it("leaves nothing to the next one in its seat: no balls, no past", () => {
    const world = worldWith([[1000, 200]]);
    step(world, [firing]);
    expect(world.balls.length).toBe(1);
    removeBoat(world, 0);
    expect(world.boats[0]).toBeNull();
    expect(world.balls).toEqual([]);
    expect(world.history.every((row) => row[0] === null)).toBe(true);
    removeBoat(world, 0);
  });
});
