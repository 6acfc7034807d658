// The grids find what plain loops find, in crowds in which everything touches everything.

import fc from "fast-check";
import { expect, it } from "vitest";
import { nextTouching } from "./collisions.ts";
import { MAX_REWIND_TICKS, UNITS_PER_PX } from "./constants.ts";
import { firstBoatOnTheWay, gridOfPast } from "./hits.ts";
import { addBoat, botControls, createWorld, step, surroundingsOf, type World, watersOf } from "./index.ts";
import { boatAt } from "./pearls.ts";
import { gridOf } from "./place-grid.ts";
import { plainTaker, plainTouching, plainVictim } from "./test-plain-loops.ts";

const BOATS = 30;

/** A crowd around a place, some of it at the wall, with a little past. */
function crowd(kind: World["waters"], seed: number): World {
  const world = createWorld(seed, kind);
  const { widthPx, heightPx } = watersOf(kind);
  const at = [(seed * 97) % widthPx, (seed * 61) % heightPx] as const;
  for (let index = 0; index < BOATS; index++) {
    addBoat(world, index, { bot: true });
    const x = Math.min(widthPx - 18, Math.max(18, at[0] + ((index * 53) % 190))) * UNITS_PER_PX;
    const y = Math.min(heightPx - 18, Math.max(18, at[1] + ((index * 29) % 170))) * UNITS_PER_PX;
    Object.assign(world.boats[index]!, { x, y, protectedFor: 0, vx: (index * 71) % 500, vy: -((index * 37) % 500) });
  }
  for (let tick = 0; tick < 25; tick++) {
    const around = surroundingsOf(world);
    step(
      world,
      world.boats.map((_, index) => ({ ...botControls(world, index, around), fire: true, lagTicks: index % 8 })),
    );
  }
  return world;
}

it.each(["basin", "arena"] as const)(
  "in a crowd in a %s",
  (kind) => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), (seed) => {
        const world = crowd(kind, seed);
        const waters = watersOf(kind);
        const grid = gridOf(waters, world.boats);
        for (let one = 0; one < BOATS; one++) {
          for (let after = one; after < BOATS; after += 3)
            expect(nextTouching(world.boats, grid, one, after)).toBe(plainTouching(world, one, after));
          const boat = world.boats[one]!;
          for (const far of [0, 20, 27, 40])
            expect(boatAt(world, grid, boat.x + far * UNITS_PER_PX, boat.y)).toBe(
              plainTaker(world, boat.x + far * UNITS_PER_PX, boat.y),
            );
          for (let lagTicks = 0; lagTicks <= MAX_REWIND_TICKS; lagTicks++) {
            const past = lagTicks > 0 ? world.history[lagTicks - 1] : undefined;
            const ball = { id: 1, boat: one, x: boat.x + 1500, y: boat.y - 400, vx: 0, vy: 0, ticksLeft: 1, lagTicks };
            const pastGrid = past ? gridOfPast(past, waters) : grid;
            const met = firstBoatOnTheWay(world, ball, boat.x, boat.y, past, pastGrid);
            expect(met).toBe(plainVictim(world, ball, boat.x, boat.y));
          }
        }
      }),
      { numRuns: 25 },
    );
  },
  60_000,
);
