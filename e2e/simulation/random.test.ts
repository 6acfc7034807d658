import { describe, expect, it } from "vitest";
import { Random } from "./random.ts";

const some = (random: Random) => Array.from({ length: 20 }, random.unit);

describe("chance from a seed", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(some(new Random(7))).toEqual(some(new Random(7)));
    expect(some(new Random(8))).not.toEqual(some(new Random(7)));
  });

  it("gives a named stream that does not depend on what was drawn before", () => {
    const random = new Random(7);
    const stream = some(random.fork("network"));
    random.unit();
    expect(some(random.fork("network"))).toEqual(stream);
    expect(some(random.fork("people"))).not.toEqual(stream);
  });

  it("stays within its bounds, and reaches them", () => {
    const random = new Random(1);
    const drawn = Array.from({ length: 500 }, () => random.whole(3, 5));
    expect([...new Set(drawn)].sort()).toEqual([3, 4, 5]);
    expect(some(random).every((unit) => unit >= 0 && unit < 1)).toBe(true);
  });
});
