import { describe, expect, it } from "vitest";
import { BERTHS, Berths, NEAR_PX } from "./berths.ts";

const view = { xPx: 0, yPx: 0, widthPx: 1000, heightPx: 600 };
const boat = (seat: number, xPx: number, yPx = 300) => ({ seat, xPx, yPx });

describe("the berths", () => {
  it("go to boats near the view, and a boat keeps its own while others come and go", () => {
    const berths = new Berths();
    expect(berths.assign([boat(400, 500), boat(7, 900)], view).taken).toHaveLength(2);
    const berth = berths.berthOf(7);
    const { freed, taken } = berths.assign([boat(12, 100), boat(7, 910), boat(400, 1001 + NEAR_PX)], view);
    expect(freed).toHaveLength(1);
    expect(taken).toEqual([{ berth: freed[0], seat: 12 }]);
    expect(berths.berthOf(7)).toBe(berth);
    expect(berths.berthOf(400)).toBeUndefined();
  });

  it("are as many as there are: in a crowd the nearest to the middle have them", () => {
    const crowd = Array.from({ length: 500 }, (_, seat) => boat(seat, 500 + (seat % 2 ? seat : -seat)));
    const berths = new Berths();
    expect(berths.assign(crowd, view).taken).toHaveLength(BERTHS);
    for (let seat = 0; seat < BERTHS; seat++) expect(berths.berthOf(seat)).toBeDefined();
    expect(berths.berthOf(BERTHS + 1)).toBeUndefined();
    const { freed, taken } = berths.assign(crowd.slice(10), view);
    expect(freed).toHaveLength(10);
    expect(taken.map(({ seat }) => seat).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_, index) => BERTHS + index),
    );
  });
});
