import { describe, expect, it } from "vitest";
import { QUALITIES, QualityController } from "./quality.ts";

function frames(controller: QualityController, count: number, durationMs: number): number {
  let lowered = 0;
  for (let frame = 0; frame < count; frame++) if (controller.frame(durationMs)) lowered += 1;
  return lowered;
}

describe("the quality controller", () => {
  it("leaves a picture alone that comes in time", () => {
    const controller = new QualityController();
    expect(frames(controller, 1000, 16.7)).toBe(0);
    expect(controller.level).toBe(0);
  });

  it("steps down once for each slow window, down to the plainest", () => {
    const controller = new QualityController();
    expect(frames(controller, 31, 50)).toBe(1);
    frames(controller, 1000, 50);
    expect(controller.quality).toBe(QUALITIES.at(-1));
  });

  it("does not take a hidden tab or the painting of a basin for slowness", () => {
    const controller = new QualityController();
    expect(frames(controller, 50, 2001)).toBe(0);
    frames(controller, 1, 1500);
    expect(frames(controller, 200, 16.7)).toBe(0);
  });

  it("takes two steps at once where every frame is very slow", () => {
    const controller = new QualityController();
    expect(frames(controller, 4, 500)).toBe(1);
    expect(controller.level).toBe(2);
  });

  it("never steps up again", () => {
    const controller = new QualityController();
    frames(controller, 31, 50);
    frames(controller, 1000, 8);
    expect(controller.level).toBe(1);
  });

  it("keeps a level that was asked for", () => {
    const controller = new QualityController(2, true);
    expect(frames(controller, 500, 90)).toBe(0);
    expect(controller.level).toBe(2);
  });

  it("gets cheaper with every level", () => {
    const cost = QUALITIES.map(({ resolution, water, plenty }) => (resolution * water) ** 2 * plenty);
    expect(cost).toEqual([...cost].sort((a, b) => b - a));
  });
});
