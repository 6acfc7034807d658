import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AIM_STEPS, TURN } from "./constants.ts";
import {
  aimOf,
  clamp,
  cosine,
  directionOf,
  directionOfAim,
  lengthOf,
  SINE_ONE,
  sine,
  turnBetween,
  unscale,
} from "./integer-maths.ts";

describe("whole-number trigonometry", () => {
  it("has the sine and the cosine of every direction, rounded", () => {
    for (let direction = 0; direction < TURN; direction++) {
      const angle = (direction / TURN) * 2 * Math.PI;
      expect(Math.abs(sine(direction) - Math.sin(angle) * SINE_ONE)).toBeLessThanOrEqual(0.5001);
      expect(Math.abs(cosine(direction) - Math.cos(angle) * SINE_ONE)).toBeLessThanOrEqual(0.5001);
    }
  });

  it("takes any whole number as a direction", () => {
    expect(sine(-TURN / 4)).toBe(-SINE_ONE);
    expect(cosine(3 * TURN)).toBe(SINE_ONE);
  });

  it("finds the direction of a vector to within one step", () => {
    const property = fc.property(
      fc.integer({ min: -200_000, max: 200_000 }),
      fc.integer({ min: -200_000, max: 200_000 }),
      (dx, dy) => {
        const exact = (Math.atan2(dy, dx) / (2 * Math.PI)) * TURN;
        expect(Math.abs(turnBetween(directionOf(dx, dy), Math.round(exact)))).toBeLessThanOrEqual(1);
      },
    );
    fc.assert(property, { numRuns: 2000 });
    expect([directionOf(1, 0), directionOf(0, 1), directionOf(-1, 0), directionOf(0, -1), directionOf(0, 0)]).toEqual([
      0, 1024, 2048, 3072, 0,
    ]);
  });

  it("turns the shorter way", () => {
    expect(turnBetween(10, 4000)).toBe(-106);
    expect(turnBetween(4000, 10)).toBe(106);
  });

  it("rounds aims to their steps and back", () => {
    for (let aim = 0; aim < AIM_STEPS; aim++) expect(aimOf(directionOfAim(aim))).toBe(aim);
    expect(aimOf(TURN - 1)).toBe(0);
  });

  it("never makes a negative zero, which a wire would not keep", () => {
    expect(Object.is(unscale(-3 * SINE_ONE + 3 * SINE_ONE), 0)).toBe(true);
    expect(Object.is(unscale(-1), 0)).toBe(true);
  });

  it("measures and limits", () => {
    expect(lengthOf(3, -4)).toBe(5);
    expect([clamp(-3, -2, 2), clamp(1, -2, 2), clamp(3, -2, 2)]).toEqual([-2, 1, 2]);
  });
});
