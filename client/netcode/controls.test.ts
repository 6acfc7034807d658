import { expect, test } from "vitest";
import { AIM_STEPS, CONTROL_STEPS } from "../../game/sim/index.ts";
import { ControlLatch, FIRE_LATCH_TICKS, isWorthSending } from "./controls.ts";

const still = { throttle: 0, rudder: 0, aim: 0, fire: false };

test.each([
  [-1, -CONTROL_STEPS],
  [-0.001, 0],
  [0.5, 4],
  [1, CONTROL_STEPS],
  [7, CONTROL_STEPS],
  [Number.NaN, 0],
])("throttle %d becomes %d steps", (throttle, steps) => {
  const latch = new ControlLatch();
  latch.hold({ ...still, throttle, rudder: throttle });
  expect(latch.take(0)).toEqual({ throttle: steps, rudder: steps, aim: 0, fire: false, lagTicks: 0 });
});

test.each([
  [0, 0],
  [-Math.PI / 2, (AIM_STEPS * 3) / 4],
  [2 * Math.PI - 0.001, 0],
  [5 * Math.PI, AIM_STEPS / 2],
  [Number.POSITIVE_INFINITY, 0],
])("aim of %d radians becomes step %d", (aim, step) => {
  const latch = new ControlLatch();
  latch.hold({ ...still, aim });
  expect(latch.take(0).aim).toBe(step);
});

test("a click between two ticks fires until the gun went off, and no longer than its limit", () => {
  const latch = new ControlLatch();
  latch.hold({ ...still, fire: true });
  latch.hold(still);
  expect(latch.take(0).fire).toBe(true);
  latch.fired();
  expect(latch.take(0).fire).toBe(false);

  latch.hold({ ...still, fire: true });
  latch.hold(still);
  const taken = Array.from({ length: FIRE_LATCH_TICKS + 2 }, () => latch.take(0).fire);
  expect(taken.filter(Boolean)).toHaveLength(FIRE_LATCH_TICKS);
});

test("a held trigger fires on", () => {
  const latch = new ControlLatch();
  latch.hold({ ...still, fire: true });
  for (let tick = 0; tick < 50; tick++) {
    latch.fired();
    expect(latch.take(0).fire).toBe(true);
  }
});

test("how others are seen is worth a message only with a shot", () => {
  const controls = { throttle: 1, rudder: 0, aim: 0, fire: false, lagTicks: 2 };
  expect(isWorthSending(controls, { ...controls, lagTicks: 3 })).toBe(false);
  expect(isWorthSending({ ...controls, fire: true }, { ...controls, fire: true, lagTicks: 3 })).toBe(true);
  expect(isWorthSending(controls, { ...controls, rudder: 1 })).toBe(true);
});
