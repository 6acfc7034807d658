import { describe, expect, it } from "vitest";
import { aimOfThumb, steeringOfThumb, THUMB_REACH_PX, thumbOffset, turnTowards } from "./thumb.ts";

const thumb = (x: number, y: number) => ({ originX: 100, originY: 300, x: 100 + x, y: 300 + y });

describe("the thumbs", () => {
  it("do nothing until they move", () => {
    expect(steeringOfThumb(thumb(3, 3), 0)).toEqual({ throttle: 0, rudder: 0 });
    expect(aimOfThumb(thumb(5, 5))).toBeUndefined();
  });

  it("ask for full speed at full reach and no more beyond", () => {
    expect(steeringOfThumb(thumb(THUMB_REACH_PX, 0), 0)).toEqual({ throttle: 1, rudder: 0 });
    expect(steeringOfThumb(thumb(400, 0), 0)).toEqual({ throttle: 1, rudder: 0 });
    expect(steeringOfThumb(thumb(THUMB_REACH_PX / 2, 0), 0).throttle).toBeCloseTo(0.5);
  });

  it("turn the bow the shorter way round", () => {
    expect(steeringOfThumb(thumb(0, 50), 0).rudder).toBe(1);
    expect(steeringOfThumb(thumb(0, -50), 0).rudder).toBe(-1);
    expect(steeringOfThumb(thumb(-50, 5), -Math.PI + 0.3).rudder).toBeLessThan(0);
  });

  it("slow down for a sharp turn", () => {
    expect(steeringOfThumb(thumb(-THUMB_REACH_PX, 0), 0).throttle).toBeLessThan(0.5);
  });

  it("aim where they are dragged", () => {
    expect(aimOfThumb(thumb(0, 60))).toBeCloseTo(Math.PI / 2);
  });

  it("are drawn within their ring", () => {
    const { x, y } = thumbOffset(thumb(300, 400));
    expect(Math.hypot(x, y)).toBeCloseTo(THUMB_REACH_PX);
  });

  it("measure a turn between -π and π", () => {
    expect(turnTowards(3, -3)).toBeCloseTo(2 * Math.PI - 6);
    expect(turnTowards(-3, 3)).toBeCloseTo(6 - 2 * Math.PI);
    expect(turnTowards(0.5, 1)).toBeCloseTo(0.5);
  });
});
