import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Timers } from "./timers.ts";

describe("timers", () => {
  it("come in the order of their times, then of their making, without the cancelled ones", () => {
    const made = fc.array(fc.record({ atMs: fc.nat(20), cancelled: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(made, (wanted) => {
        const timers = new Timers();
        const all = wanted.map(({ atMs }) => timers.add(atMs, () => {}));
        for (const [index, { cancelled }] of wanted.entries()) if (cancelled) all[index]!.action = undefined;
        const taken: number[] = [];
        while (timers.next) taken.push(timers.take()!.order);
        const expected = all.filter(({ action }) => action).sort((a, b) => a.atMs - b.atMs || a.order - b.order);
        expect(taken).toEqual(expected.map(({ order }) => order));
      }),
    );
  });
});
