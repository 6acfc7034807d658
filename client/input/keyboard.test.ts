import { describe, expect, it } from "vitest";
import { isSteeringKey, steeringOf } from "./keyboard.ts";

const held = (...codes: string[]) => steeringOf(new Set(codes));

describe("the keyboard", () => {
  it("steers with WASD and with arrows alike", () => {
    expect(held("KeyW", "KeyA")).toEqual({ throttle: 1, rudder: -1, fire: false });
    expect(held("ArrowUp", "ArrowLeft")).toEqual({ throttle: 1, rudder: -1, fire: false });
    expect(held("KeyS", "KeyD")).toEqual({ throttle: -1, rudder: 1, fire: false });
  });

  it("cancels opposite keys out", () => {
    expect(held("KeyW", "ArrowDown", "KeyA", "KeyD")).toEqual({ throttle: 0, rudder: 0, fire: false });
  });

  it("does not count both keys of one direction twice", () => {
    expect(held("KeyW", "ArrowUp").throttle).toBe(1);
  });

  it("fires with space and knows which keys are its own", () => {
    expect(held("Space").fire).toBe(true);
    expect(isSteeringKey("KeyM")).toBe(false);
    expect(isSteeringKey("ArrowUp")).toBe(true);
  });
});
