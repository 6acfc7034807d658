import fc from "fast-check";
import { expect, it } from "vitest";
import { gridOf } from "./place-grid.ts";
import { ARENA, BASIN } from "./waters.ts";

it.each([BASIN, ARENA])(
  "a grid of a $kind finds all that are near, rising, wherever they were put before",
  (waters) => {
    const place = fc.record({ x: fc.nat({ max: waters.width }), y: fc.nat({ max: waters.height }) });
    const moves = fc.array(fc.tuple(fc.nat({ max: 39 }), place), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 40, maxLength: 40 }),
        moves,
        place,
        fc.nat(80_000),
        (places, later, at, reach) => {
          const grid = gridOf(waters, places);
          const now = places.slice();
          for (const [index, where] of later) {
            now[index] = where;
            grid.put(index, where.x, where.y);
          }
          const found = grid.near(at.x, at.y, reach);
          expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
          for (const [index, { x, y }] of now.entries()) {
            if (Math.hypot(x - at.x, y - at.y) <= reach) expect(found).toContain(index);
          }
        },
      ),
    );
  },
);
