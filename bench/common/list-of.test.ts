import { expect, test } from "vitest";
import { listOf } from "./list-of.ts";

test("a list of names is given back in its own order, and an unknown name is refused", () => {
  const parse = listOf(["ours", "nginx", "haproxy"]);
  expect(parse("nginx, ours")).toEqual(["ours", "nginx"]);
  expect(() => parse("ours,envoy")).toThrow('"envoy" is none of ours, nginx, haproxy.');
  expect(() => parse("")).toThrow("is none of");
});
