import { expect, test } from "vitest";
import { figuresOf } from "./ghost.ts";

const ghost = { seat: 0, own: true, xPx: 100, yPx: 100, heading: 0, aheadMs: 198.4, path: [] };

test("the figures say how far the server's word is behind the boat as it is drawn, in time and in space", () => {
  expect(figuresOf(ghost, { xPx: 130, yPx: 140 })).toBe("server: 198 ms behind, 50 px");
});

test("a boat that is drawn in the past has its ghost ahead", () => {
  expect(figuresOf({ ...ghost, aheadMs: -66.7 }, { xPx: 100, yPx: 88 })).toBe("server: 67 ms ahead, 12 px");
});
