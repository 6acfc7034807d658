import { describe, expect, it } from "vitest";
import { mapFrame, toMap } from "./minimap-frame.ts";

describe("the minimap", () => {
  const frame = mapFrame({ widthPx: 3200, heightPx: 2400 }, 160, 2);

  it("keeps the basin's proportions", () => {
    expect(frame).toEqual({ width: 160, height: 120, pixelRatio: 2, scale: 0.05 });
  });

  it("puts corners into corners and the middle into the middle", () => {
    expect(toMap(frame, 0, 0)).toEqual({ x: 0, y: 0 });
    expect(toMap(frame, 3200, 2400)).toEqual({ x: 160, y: 120 });
    expect(toMap(frame, 1600, 1200)).toEqual({ x: 80, y: 60 });
  });

  it("keeps what is outside at its edge", () => {
    expect(toMap(frame, -50, 9000)).toEqual({ x: 0, y: 120 });
  });
});
