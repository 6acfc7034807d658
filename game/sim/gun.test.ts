import { describe, expect, it } from "vitest";
import {
  BALL_FLIGHT_TICKS,
  BASIN,
  type Ball,
  ballFrom,
  MUZZLE_SPEED_UNITS_PER_TICK,
  muzzleOf,
  neutralControls,
  RELOAD_TICKS,
  stepBall,
  terrainOf,
  tryFire,
} from "./index.ts";
import { boatAt, firing, openSea, worldWith } from "./test-worlds.ts";

describe("a gun", () => {
  it("sends the ball where it aims, and takes the boat's velocity along", () => {
    const boat = boatAt(worldWith([[1000, 200]]), 0);
    Object.assign(boat, { aim: 64, vx: 100, vy: -7 });
    expect(muzzleOf(boat, BASIN)).toEqual({
      x: boat.x,
      y: boat.y + 18 * 64,
      vx: 100,
      vy: MUZZLE_SPEED_UNITS_PER_TICK - 7,
    });
  });

  it("fires when asked, loaded and afloat; then it reloads and its boat's protection is over", () => {
    const boat = boatAt(worldWith([[1000, 200]]), 0);
    boat.protectedFor = 30;
    expect(tryFire(boat, neutralControls, BASIN)).toBeUndefined();
    expect(boat.protectedFor).toBe(30);
    expect(tryFire(boat, firing, BASIN)).toEqual(muzzleOf(boat, BASIN));
    expect([boat.reload, boat.protectedFor]).toEqual([RELOAD_TICKS, 0]);
    expect(tryFire(boat, firing, BASIN)).toBeUndefined();
    expect(tryFire({ ...boat, reload: 0, hull: 0 }, firing, BASIN)).toBeUndefined();
  });
});

describe("a ball", () => {
  it("flies for its time and falls into the water", () => {
    const ball = ballFrom({ x: 64_000, y: 64_000, vx: 900, vy: 0 }, 1, 0, 0);
    for (let tick = 1; tick < BALL_FLIGHT_TICKS; tick++) expect(stepBall(ball, openSea)).toBe("flying");
    expect(stepBall(ball, openSea)).toBe("splashed");
    expect(ball.x).toBe(64_000 + 900 * BALL_FLIGHT_TICKS);
  });

  it("is gone behind the wall", () => {
    const ball = ballFrom({ x: 500, y: 500, vx: -900, vy: 0 }, 1, 0, 0);
    expect(stepBall(ball, openSea)).toBe("splashed");
  });

  it("stops at the shore, even if it would be past the island in one tick", () => {
    const terrain = terrainOf(5);
    const island = terrain.islands[0]!;
    const from = island.x - 2 * island.reach;
    const ball: Ball = ballFrom({ x: from, y: island.y, vx: 4 * island.reach, vy: 0 }, 1, 0, 0);
    expect(stepBall(ball, terrain)).toBe("stopped");
    expect(ball.x).toBeGreaterThanOrEqual(island.x - island.reach);
    expect(ball.x).toBeLessThan(island.x);
  });
});
