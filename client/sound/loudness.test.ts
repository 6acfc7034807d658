import { describe, expect, it } from "vitest";
import { HEARING_PX, loudnessAt, panAt } from "./loudness.ts";

const ear = { xPx: 1000, yPx: 1000 };

describe("hearing", () => {
  it("is full nearby, falls with distance and ends", () => {
    expect(loudnessAt(ear, 1050, 1000)).toBe(1);
    expect(loudnessAt(ear, 1400, 1000)).toBeGreaterThan(loudnessAt(ear, 1700, 1000));
    expect(loudnessAt(ear, 1000 + HEARING_PX, 1000)).toBe(0);
  });

  it("knows left from right and leaves neither ear without sound", () => {
    expect(panAt(ear, 500)).toBeLessThan(0);
    expect(panAt(ear, 1500)).toBeGreaterThan(0);
    expect(Math.abs(panAt(ear, 99999))).toBeLessThan(1);
  });
});
