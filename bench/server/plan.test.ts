import { expect, test } from "vitest";
import { heatsOf } from "./plan.ts";

test("all are measured once before any is measured again, each round with another one first", () => {
  expect(heatsOf(3, ["tidegate", "ws"]).map(({ round, name }) => `${round} ${name}`)).toEqual([
    ...["1 tidegate", "1 ws", "2 ws", "2 tidegate", "3 tidegate", "3 ws"],
  ]);
});
