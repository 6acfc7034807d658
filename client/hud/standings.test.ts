import { describe, expect, it } from "vitest";
import type { RenderBoat, RenderState } from "../netcode/render-state.ts";
import { entrantsOf, shortList, standingsOf } from "./standings.ts";

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

  it("of an arena are of everybody, by points alone, with the newer word on who is near", () => {
    const sightings = Array.from({ length: 500 }, (_, seat) => ({
      seat,
      name: `boat ${seat}`,
      own: seat === 7,
      score: 0,
    }));
    sightings[400]!.score = 12;
    const boats = [boat(7, 11, 0, true), boat(9, 11, 3)];
    const arena = { waters: "arena", boats, sightings } as unknown as RenderState;
    const standings = standingsOf(entrantsOf(arena));
    expect(standings).toHaveLength(500);
    expect(standings.slice(0, 3).map(({ place, boat: { seat } }) => [place, seat])).toEqual([
      [1, 400],
      [2, 7],
      [2, 9],
    ]);
    expect(shortList(standings, 1)[0]!.boat.own).toBe(true);
    expect(entrantsOf({ ...arena, waters: "basin" })).toBe(boats);
  });
});
