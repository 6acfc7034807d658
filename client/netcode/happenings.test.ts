import { expect, test } from "vitest";
import { addBoat, createWorld, type GameEvent, type View, viewOf } from "../../game/sim/index.ts";
import { HAPPENINGS_WAITING_MAX, Happenings } from "./happenings.ts";
import type { RenderEvent } from "./render-state.ts";

const OWN = 0;

function view(tick: number): View {
  const world = createWorld(2);
  for (let seat = 0; seat < 3; seat++) addBoat(world, seat, { bot: true });
  Object.assign(world.boats[1]!, { x: 6_400, y: 3_200 });
  return { ...viewOf(world), tick, pearls: [{ id: 9, x: 640, y: 64 }] };
}

function handed(happenings: Happenings, tick: number): RenderEvent[] {
  const out: RenderEvent[] = [];
  happenings.hand(tick, out);
  return out;
}

test("what happens to others waits until they are drawn in that tick, and is handed out once", () => {
  const happenings = new Happenings();
  happenings.take([{ type: "sunk", boat: 1, by: 2 }], view(50), undefined, OWN);
  expect(handed(happenings, 49.9)).toEqual([]);
  expect(handed(happenings, 50)).toEqual([{ type: "sunk", seat: 1, by: 2, xPx: 100, yPx: 50 }]);
  expect(handed(happenings, 51)).toEqual([]);
});

test("what happens to the own boat is handed out at once", () => {
  const happenings = new Happenings();
  happenings.take([{ type: "hit", ball: 4, boat: OWN, by: 2, damage: 25 }], view(50), undefined, OWN);
  expect(handed(happenings, 40)).toMatchObject([{ type: "hit", seat: OWN, by: 2 }]);
});

test("a taken pearl is shown where it floated", () => {
  const happenings = new Happenings();
  const after = { ...view(51), pearls: [] };
  happenings.take([{ type: "pearl-taken", pearl: 9, boat: 1 }], after, view(50), OWN);
  expect(handed(happenings, 51)).toEqual([{ type: "pearl-taken", seat: 1, xPx: 10, yPx: 1 }]);
});

test("what is long past when its turn comes is not shown, and the queue has a limit", () => {
  const happenings = new Happenings();
  const bounce: GameEvent = { type: "bounce", boat: 1, x: 0, y: 0, strength: 511 };
  happenings.take([bounce], view(50), undefined, OWN);
  expect(handed(happenings, 500)).toEqual([]);
  const many = Array.from({ length: HAPPENINGS_WAITING_MAX + 10 }, () => bounce);
  happenings.take(many, view(600), undefined, OWN);
  expect(handed(happenings, 600)).toHaveLength(HAPPENINGS_WAITING_MAX);
});
