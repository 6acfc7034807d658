import { expect, test } from "vitest";
import { BALL_FLIGHT_TICKS, type GameEvent, isOpenWater, terrainOf, UNITS_PER_PX } from "../../game/sim/index.ts";
import { Balls } from "./balls.ts";
import type { RenderBall, RenderBoat, RenderEvent } from "./render-state.ts";

const terrain = terrainOf(5);
/** Where a ball flies its whole way to the right over open water. */
const start = openLane();

function openLane(): { x: number; y: number } {
  for (let yPx = 200; yPx < 2_200; yPx += 20) {
    const isFree = Array.from({ length: 90 }, (_, at) => 400 + at * 10).every((xPx) =>
      isOpenWater(terrain, xPx * UNITS_PER_PX, yPx * UNITS_PER_PX, 20 * UNITS_PER_PX),
    );
    if (isFree) return { x: 400 * UNITS_PER_PX, y: yPx * UNITS_PER_PX };
  }
  throw new Error("no open water in this basin: choose another seed");
}

function shot(ball: number, boat: number): Extract<GameEvent, { type: "shot" }> {
  return { type: "shot", ball, boat, ...start, vx: 1_000, vy: 0 };
}

function draw(balls: Balls, othersTick: number, ownTick: number, boats: Partial<RenderBoat>[] = []) {
  const drawn: RenderBall[] = [];
  const events: RenderEvent[] = [];
  balls.draw({ othersTick, ownTick }, boats as RenderBoat[], drawn, events);
  return { drawn, events };
}

test("a ball of another boat flies in the time in which others are drawn, and splashes once", () => {
  const balls = new Balls();
  balls.shot(shot(1, 3), 100, false, terrain);
  expect(draw(balls, 99, 200).drawn).toEqual([]);
  const { drawn } = draw(balls, 110, 200);
  expect(drawn).toMatchObject([{ id: 1, seat: 3, xPx: (start.x + 10_000) / UNITS_PER_PX }]);
  expect(drawn[0]!.flightLeft).toBeCloseTo(1 - 10 / BALL_FLIGHT_TICKS);
  const end = draw(balls, 100 + BALL_FLIGHT_TICKS, 300);
  expect(end).toMatchObject({ drawn: [], events: [{ type: "splash" }] });
  expect(draw(balls, 100 + BALL_FLIGHT_TICKS + 1, 300).events).toEqual([]);
});

test("the own ball flies at once and stays the same ball when the server speaks of it", () => {
  const balls = new Balls();
  balls.predicted(0, 100, shot(0, 0), terrain);
  const [predicted] = draw(balls, 90, 105).drawn;
  expect(predicted).toBeDefined();
  expect(balls.shot(shot(77, 0), 101, true, terrain)).toBe(true);
  const { drawn } = draw(balls, 90, 106);
  expect(drawn).toHaveLength(1);
  expect(drawn[0]!.id).toBe(predicted!.id);
});

test("an own shot that the server never speaks of disappears", () => {
  const balls = new Balls();
  balls.predicted(0, 100, shot(0, 0), terrain);
  balls.confirmedUpTo(105);
  expect(draw(balls, 90, 106).drawn).toHaveLength(1);
  balls.confirmedUpTo(120);
  expect(draw(balls, 90, 121).drawn).toEqual([]);
});

test("a hit ends a ball of others when it is seen to hit, the own one at once", () => {
  const balls = new Balls();
  balls.shot(shot(1, 3), 100, false, terrain);
  balls.hit(1, 110);
  expect(draw(balls, 109, 0).drawn).toHaveLength(1);
  expect(draw(balls, 110, 0)).toEqual({ drawn: [], events: [] });

  balls.predicted(0, 100, shot(0, 0), terrain);
  balls.shot(shot(2, 0), 100, true, terrain);
  balls.hit(2, 110);
  expect(draw(balls, 90, 101).drawn).toEqual([]);
});

test("the own ball vanishes where it strikes a boat on the screen, but not the own boat or a protected one", () => {
  const place = { xPx: (start.x + 10_000) / UNITS_PER_PX, yPx: start.y / UNITS_PER_PX };
  const victim = { ...place, own: false, afloat: true, isProtected: false };
  const fly = (boat: Partial<RenderBoat>) => {
    const balls = new Balls();
    balls.predicted(0, 100, shot(0, 0), terrain);
    draw(balls, 90, 110, [boat]);
    return draw(balls, 90, 111).drawn.length;
  };
  expect(fly(victim)).toBe(0);
  expect(fly({ ...victim, own: true })).toBe(1);
  expect(fly({ ...victim, isProtected: true })).toBe(1);
});

test("a ball that meets land ends there without a splash", () => {
  const island = terrain.islands[0]!.circles[0]!;
  const balls = new Balls();
  const at = { x: island.x - island.radius - 100 * UNITS_PER_PX, y: island.y };
  balls.shot({ type: "shot", ball: 1, boat: 3, ...at, vx: 1_000, vy: 0 }, 100, false, terrain);
  const events = Array.from({ length: 60 }, (_, tick) => draw(balls, 100 + tick, 0).events).flat();
  expect(events).toEqual([]);
  expect(draw(balls, 112, 0).drawn).toEqual([]);
});
