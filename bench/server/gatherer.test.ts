import { expect, test } from "vitest";
import { ARENA, addBoat, createWorld, MAX_BOATS, neutralControls, step } from "../../game/sim/index.ts";
import { Gatherer, isInMiddle } from "./gatherer.ts";

/** A place is told a second late, and to a sixteenth of a cell, as in an arena. */
const PATCH = 2_048;
const LATE_TICKS = 30;

test("boats from all over an arena come to its middle by what is sighted of them", () => {
  const world = createWorld(11, "arena");
  for (let seat = 0; seat < MAX_BOATS; seat++) addBoat(world, seat, { bot: false });
  const gatherers = Array.from({ length: MAX_BOATS }, () => new Gatherer());
  let sighted = world.boats.map((boat) => boat && { x: boat.x, y: boat.y });
  for (let tick = 0; tick < 1_800; tick++) {
    if (tick % LATE_TICKS === 0) {
      const patch = (value: number) => Math.floor(value / PATCH) * PATCH + PATCH / 2;
      sighted = world.boats.map((boat) => boat && { x: patch(boat.x), y: patch(boat.y) });
    }
    step(
      world,
      gatherers.map((gatherer, seat) => ({ ...neutralControls, ...gatherer.steer(sighted[seat] ?? undefined) })),
    );
  }
  const there = world.boats.filter((boat) => boat && isInMiddle(boat)).length;
  expect(there).toBeGreaterThan(MAX_BOATS / 2);
});

test("the middle is the middle of the arena, and not its edge", () => {
  expect(isInMiddle({ x: ARENA.width / 2, y: ARENA.height / 2 })).toBe(true);
  expect(isInMiddle({ x: 0, y: ARENA.height / 2 })).toBe(false);
});
