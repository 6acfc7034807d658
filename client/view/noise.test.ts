import { describe, expect, it } from "vitest";
import { gradientNoise, layered, paintRandom, smoothstep } from "./noise.ts";

describe("noise", () => {
  it("repeats after its period, so that textures have no seams", () => {
    const noise = gradientNoise(3, 8);
    for (const [x, y] of [
      [0.3, 0.7],
      [5.5, 2.2],
      [7.9, 7.1],
    ] as const) {
      expect(noise(x + 8, y)).toBeCloseTo(noise(x, y), 6);
      expect(noise(x, y + 8)).toBeCloseTo(noise(x, y), 6);
    }
  });

  it("stays between 0 and 1", () => {
    const noise = layered(gradientNoise(9), 4);
    for (let step = 0; step < 2000; step++) {
      const value = noise(step * 0.173, step * 0.319);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });

  it("paints the same picture from the same seed", () => {
    const first = paintRandom(4);
    const second = paintRandom(4);
    expect([first(), first()]).toEqual([second(), second()]);
  });

  it("eases upwards and downwards", () => {
    expect(smoothstep(0, 10, -5)).toBe(0);
    expect(smoothstep(0, 10, 15)).toBe(1);
    expect(smoothstep(10, 0, 2)).toBeGreaterThan(smoothstep(10, 0, 8));
  });
});
