import { describe, expect, it } from "vitest";
import { ChaseCamera, zoomFor } from "./camera.ts";

const basin = { widthPx: 3200, heightPx: 2400 };
const still = { vxPxPerSecond: 0, vyPxPerSecond: 0, aim: 0 };

describe("the camera", () => {
  it("shows a similar area of water on a laptop and on an upright phone", () => {
    const area = (width: number, height: number) => (width * height) / zoomFor({ width, height }) ** 2;
    expect(area(1280, 800) / area(390, 844)).toBeGreaterThan(0.8);
    expect(area(1280, 800) / area(390, 844)).toBeLessThan(1.3);
  });

  it("starts at its boat instead of flying there", () => {
    const camera = new ChaseCamera();
    camera.follow({ xPx: 2000, yPx: 1500, ...still }, 0.016);
    expect(camera.yPx).toBe(1500);
  });

  it("approaches without overshooting, however long a frame takes", () => {
    const camera = new ChaseCamera();
    camera.follow({ xPx: 1000, yPx: 1000, ...still }, 0.016);
    camera.follow({ xPx: 1200, yPx: 1000, ...still }, 5);
    expect(camera.xPx).toBeLessThanOrEqual(1200 + 46);
    expect(camera.xPx).toBeGreaterThan(1190);
  });

  it("looks ahead of a moving boat", () => {
    const camera = new ChaseCamera();
    camera.follow({ xPx: 1000, yPx: 1000, vxPxPerSecond: 0, vyPxPerSecond: 200, aim: 0 }, 0.016);
    expect(camera.yPx).toBeGreaterThan(1050);
  });

  it("stays near the basin at its corners", () => {
    const camera = new ChaseCamera();
    camera.follow({ xPx: 0, yPx: 0, ...still }, 1);
    const centre = camera.centre(basin, { width: 1000, height: 800 }, 1, 0);
    expect(centre.xPx).toBe(500 - 90);
    expect(centre.yPx).toBe(400 - 90);
  });

  it("shows the middle of a basin that is smaller than the window", () => {
    const camera = new ChaseCamera();
    camera.follow({ xPx: 0, yPx: 0, ...still }, 1);
    expect(camera.centre(basin, { width: 9000, height: 9000 }, 1, 0)).toEqual({ xPx: 1600, yPx: 1200 });
  });

  it("trembles when shaken and is calm again soon", () => {
    const camera = new ChaseCamera();
    const viewport = { width: 800, height: 600 };
    const boat = { xPx: 1600, yPx: 1200, ...still };
    camera.follow(boat, 1);
    const calm = camera.centre(basin, viewport, 1, 1);
    camera.shake(1);
    expect(camera.centre(basin, viewport, 1, 1)).not.toEqual(calm);
    camera.follow(boat, 1);
    expect(camera.centre(basin, viewport, 1, 1)).toEqual(calm);
  });
});
