import { describe, expect, it } from "vitest";
import { isNeighbour, readLike } from "./format-version.ts";

describe("a neighbour", () => {
  it("is the same version, the one before and the one after, and nothing else", () => {
    expect([2, 3, 4].map((written) => isNeighbour(written, 3))).toEqual([true, true, true]);
    expect([1, 5, 0, -1, 2.5, "3", undefined, null, Number.NaN].some((written) => isNeighbour(written, 3))).toBe(false);
    expect(isNeighbour(0, 1)).toBe(false);
  });
});

describe("reading like a model", () => {
  const model = { name: "", queue: { waiting: [], highest: 7 }, mood: { calm: true } };
  const refuse = (path: string, value: unknown): never => {
    throw new Error(`${path}: ${JSON.stringify(value)}`);
  };
  const read = (saved: unknown, version: number, since = {}) =>
    readLike(saved, model, "ship", { version, since, refuse });

  it("gives a field that came later its default if the writer could not know it, and only then", () => {
    const old = { name: "Ada", queue: { waiting: [1] } };
    const since = { "ship.queue.highest": 3, "ship.mood": 3 };
    expect(read(old, 2, since)).toEqual({ name: "Ada", queue: { waiting: [1], highest: 7 }, mood: { calm: true } });
    expect(read(old, 2, since).mood).not.toBe(model.mood);
    expect(() => read(old, 3, since)).toThrow("ship.queue.highest: undefined");
    expect(() => read({ ...old, queue: { waiting: [], highest: "7" } }, 2, since)).toThrow('ship.queue.highest: "7"');
  });

  it("leaves out what the model does not have, at every depth", () => {
    const more = {
      name: "Ada",
      hat: 1,
      queue: { waiting: [{ any: "thing" }], highest: 1, lowest: 0 },
      mood: { calm: false },
    };
    expect(read(more, 1)).toEqual({
      name: "Ada",
      queue: { waiting: [{ any: "thing" }], highest: 1 },
      mood: { calm: false },
    });
  });

  it.each([
    [undefined, "ship: undefined"],
    [[], "ship: []"],
    [{ name: 1 }, "ship.name: 1"],
    [{ name: "Ada", queue: [] }, "ship.queue: []"],
    [{ name: "Ada", queue: null }, "ship.queue: null"],
    [{ name: "Ada", queue: { waiting: {}, highest: 1 } }, "ship.queue.waiting: {}"],
  ])("refuses %j", (saved, complaint) => {
    expect(() => read(saved, 1)).toThrow(complaint);
  });
});
