import { describe, expect, it } from "vitest";
import type { RenderBoat } from "../netcode/render-state.ts";
import { shortList, standingsOf } from "./standings.ts";

function boat(seat: number, score: number, sinkings = 0, own = false): RenderBoat {
  return { seat, score, sinkings, own, name: `boat ${seat}` } as RenderBoat;
}

describe("the standings", () => {
  it("put the best first and break ties by sinkings, then by seat", () => {
    const order = standingsOf([boat(0, 3), boat(1, 9), boat(2, 3, 2), boat(3, 3)]).map(({ boat: { seat } }) => seat);
    expect(order).toEqual([1, 2, 0, 3]);
  });

  it("share a place among equals", () => {
    expect(standingsOf([boat(0, 5), boat(1, 5), boat(2, 1)]).map(({ place }) => place)).toEqual([1, 1, 3]);
  });

  it("always list the own boat, last if need be", () => {
    const boats = [boat(0, 9), boat(1, 8), boat(2, 7), boat(3, 1, 0, true)];
    expect(shortList(standingsOf(boats), 3).map(({ boat: { seat } }) => seat)).toEqual([0, 1, 3]);
    expect(shortList(standingsOf(boats), 4)).toHaveLength(4);
  });
});
