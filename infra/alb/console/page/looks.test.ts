import { expect, test } from "vitest";
import { Looks, lookCount } from "./looks.ts";

test("a target keeps its colour and its place while it is known, and a freed colour is given again", () => {
  const looks = new Looks();
  looks.follow(["a", "b"]);
  looks.follow(["b", "c"]);
  expect(["b", "c"].map((key) => looks.of(key))).toEqual([1, 0]);
  looks.follow(["d", "c", "b"]);
  expect(looks.of("d")).toBe(2);
  expect(["b", "c", "d"].map((key) => looks.rank(key))).toEqual([0, 1, 2]);
});

test("targets beyond the colours share the last one", () => {
  const looks = new Looks();
  const keys = Array.from({ length: lookCount + 3 }, (_, index) => `t${index}`);
  looks.follow(keys);
  expect(keys.map((key) => looks.of(key)).slice(-4)).toEqual(new Array(4).fill(lookCount - 1));
});
