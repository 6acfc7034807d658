import { expect, test } from "vitest";
import { mulberry } from "./mulberry.ts";
import { Wheel } from "./wheel.ts";

function turnsOf(wheel: Wheel<string>, fromMs: number, toMs: number, stepMs: number): string[] {
  const turns: string[] = [];
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += stepMs) wheel.advance(nowMs, (item) => turns.push(item));
  return turns;
}

test("everybody has a turn once a period, however often time is looked at", () => {
  for (const stepMs of [1, 4, 20]) {
    const wheel = new Wheel<string>(20, mulberry(7));
    for (const item of ["a", "b", "c"]) wheel.add(item);
    const turns = turnsOf(wheel, 1_000, 1_200, stepMs);
    for (const item of ["a", "b", "c"]) expect(turns.filter((one) => one === item)).toHaveLength(10);
  }
});

test("turns are spread over the period", () => {
  const wheel = new Wheel<string>(33, mulberry(1));
  for (let item = 0; item < 330; item++) wheel.add(String(item));
  wheel.advance(0, () => {});
  const perMs = Array.from({ length: 33 }, (_, index) => turnsOf(wheel, index + 1, index + 1, 1).length);
  expect(perMs.reduce((sum, one) => sum + one)).toBe(330);
  expect(Math.max(...perMs)).toBeLessThan(30);
});

test("who left has no more turns", () => {
  const wheel = new Wheel<string>(10, mulberry(1));
  wheel.add("a");
  wheel.remove("a");
  expect(turnsOf(wheel, 0, 100, 1)).toEqual([]);
});

test("what is more than a period late is left out and counted", () => {
  const wheel = new Wheel<string>(10, mulberry(1));
  wheel.add("a");
  wheel.advance(0, () => {});
  const turns: string[] = [];
  wheel.advance(100, (item) => turns.push(item));
  expect(turns).toHaveLength(1);
  expect(wheel.skippedSlots).toBe(90);
});
