import fc from "fast-check";
import { expect, it } from "vitest";
import { addBoat, createWorld, type World } from "./index.ts";
import { lengthOf } from "./integer-maths.ts";
import { gridOf } from "./place-grid.ts";
import { Rivals } from "./rivals.ts";
import { watersOf } from "./waters.ts";

const BOATS = 24;
const REACH = 90_000;
const MOST = 3;

function countNearer(world: World, boat: number, distance: number, asker: number): number {
  const target = world.boats[boat]!;
  return world.boats.filter(
    (other, index) =>
      other?.bot &&
      other.hull > 0 &&
      index !== boat &&
      index !== asker &&
      lengthOf(other.x - target.x, other.y - target.y) < distance,
  ).length;
}

it.each(["basin", "arena"] as const)(
  "in a %s bots are found to be nearer than a distance if they are, whoever asks",
  (kind) => {
    const boat = fc.record({
      x: fc.integer({ min: 100_000, max: 160_000 }),
      y: fc.integer({ min: 100_000, max: 160_000 }),
      bot: fc.boolean(),
      hull: fc.constantFrom(0, 1, 3),
    });
    fc.assert(
      fc.property(fc.array(boat, { minLength: BOATS, maxLength: BOATS }), fc.nat(REACH), (boats, distance) => {
        const world = createWorld(1, kind);
        for (const [index, one] of boats.entries()) {
          addBoat(world, index, { bot: one.bot });
          Object.assign(world.boats[index]!, one);
        }
        const rivals = new Rivals(world, gridOf(watersOf(kind), world.boats), REACH, MOST);
        for (let asker = 0; asker < BOATS; asker++) {
          for (let target = 0; target < BOATS; target++) {
            const expected = countNearer(world, target, distance, asker);
            for (let count = 1; count <= MOST; count++)
              expect(rivals.areNearer(count, target, distance, asker)).toBe(expected >= count);
          }
        }
      }),
      { numRuns: 30 },
    );
  },
);
