import { describe, expect, it } from "vitest";
import { basinOf } from "./basin.ts";
import { CELL_PX, MAP_HEIGHT_MAX_PX, MAP_MARGIN_PX, MAP_WIDTH_MAX_PX, MapPainting, mapWindow } from "./water-map.ts";

const basin = basinOf(5);
const large = { ...basin, widthPx: 12_800, heightPx: 9_600 };

describe("the water's map", () => {
  it("covers a basin of 32 boats as a whole, wherever the camera is", () => {
    const whole = { xPx: -MAP_MARGIN_PX, yPx: -MAP_MARGIN_PX, widthPx: MAP_WIDTH_MAX_PX, heightPx: MAP_HEIGHT_MAX_PX };
    for (const place of [0, 1_000, 3_200]) expect(mapWindow(basin, place, place)).toEqual(whole);
  });

  it("is not larger for larger waters, follows the camera, and keeps within the margin", () => {
    const middle = mapWindow(large, 6_003, 5_000);
    expect(middle.widthPx * middle.heightPx).toBe(MAP_WIDTH_MAX_PX * MAP_HEIGHT_MAX_PX);
    expect(middle.xPx + middle.widthPx / 2).toBeCloseTo(6_000);
    expect(mapWindow(large, 0, 0)).toMatchObject({ xPx: -MAP_MARGIN_PX, yPx: -MAP_MARGIN_PX });
    const corner = mapWindow(large, 12_800, 9_600);
    expect(corner.xPx + corner.widthPx).toBe(12_800 + MAP_MARGIN_PX);
    expect(corner.yPx + corner.heightPx).toBe(9_600 + MAP_MARGIN_PX);
  });

  it("says the same of a place in whichever window it lies", () => {
    const small = { widthPx: 400, heightPx: 300 };
    const { xPx, yPx } = basin.circles[0]!;
    const left = Math.round((xPx - 200) / CELL_PX) * CELL_PX;
    const top = Math.round((yPx - 150) / CELL_PX) * CELL_PX;
    const [one, other] = [0, 120].map((shift) => {
      const painting = new MapPainting(basin, { xPx: left + shift, yPx: top, ...small });
      while (!painting.paint(77));
      return painting;
    });
    const cellOf = (painting: MapPainting, x: number, y: number) => {
      const column = (x - painting.window.xPx) / CELL_PX;
      const at = (((y - painting.window.yPx) / CELL_PX) * painting.columns + column) * 4;
      return [...painting.pixels.slice(at, at + 4)];
    };
    for (let x = left + 120; x < left + 400; x += CELL_PX) {
      expect(cellOf(one!, x, top + 150)).toEqual(cellOf(other!, x, top + 150));
    }
    expect(cellOf(one!, left + 200, top + 150)[0]).toBeLessThan(64);
  });
});
