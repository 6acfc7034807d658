import { describe, expect, it } from "vitest";
import { basinOf, shoreDistancePx } from "./basin.ts";
import { IslandPainting, isRock } from "./island-paint.ts";

describe("the basin as it is drawn", () => {
  it("is the same for the same seed", () => {
    expect(basinOf(5).circles).toEqual(basinOf(5).circles);
    expect(basinOf(5).circles).not.toEqual(basinOf(6).circles);
  });

  it("measures the shore: negative inland, zero at the waterline, positive over water", () => {
    const circle = [{ xPx: 100, yPx: 100, radiusPx: 50 }];
    expect(shoreDistancePx(circle, 100, 100)).toBe(-50);
    expect(shoreDistancePx(circle, 150, 100)).toBeCloseTo(0);
    expect(shoreDistancePx(circle, 250, 100)).toBe(100);
  });

  it("rounds the notch between two circles, but keeps far shores where the rules have them", () => {
    const two = [
      { xPx: 0, yPx: 0, radiusPx: 50 },
      { xPx: 90, yPx: 0, radiusPx: 50 },
    ];
    expect(shoreDistancePx(two, 45, 40)).toBeLessThan(Math.hypot(45, 40) - 50);
    expect(shoreDistancePx(two, -60, 0)).toBe(10);
  });

  it("paints land opaque, deep water not at all", () => {
    const circles = [{ xPx: 200, yPx: 200, radiusPx: 60 }];
    const painting = new IslandPainting(circles);
    while (!painting.paint(7));
    const { picture } = painting;
    const alphaAt = (x: number, y: number) =>
      picture.pixels[((y - picture.topPx) * picture.widthPx + (x - picture.leftPx)) * 4 + 3];
    expect(alphaAt(200, 200)).toBe(255);
    expect(alphaAt(picture.leftPx, picture.topPx)).toBe(0);
  });

  it("takes an island of small circles for a rock", () => {
    expect(isRock([{ xPx: 0, yPx: 0, radiusPx: 30 }])).toBe(true);
    expect(isRock([{ xPx: 0, yPx: 0, radiusPx: 80 }])).toBe(false);
  });
});
