import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLEARLY_MS, nearest, type Reach } from "./choice.ts";

const found = (of: Record<string, Reach>) => new Map(Object.entries(of));
const ids = ["eu", "us", "ap"];

describe("the nearest region", () => {
  it("is the one with the shortest way", () => {
    expect(nearest(ids, found({ eu: { rttMs: 90 }, us: { rttMs: 12 }, ap: { rttMs: 230 } }), undefined)).toBe("us");
  });

  it("is the first guess until something is known of that", () => {
    expect(nearest(ids, found({ us: { rttMs: 1 } }), "eu")).toBe("eu");
    expect(nearest(ids, found({ us: { rttMs: 1 }, eu: { rttMs: 80 } }), "eu")).toBe("us");
  });

  it("stays while another one is not clearly nearer", () => {
    const eu = { rttMs: 30 };
    expect(nearest(ids, found({ eu, us: { rttMs: 30 - CLEARLY_MS } }), "eu")).toBe("eu");
    expect(nearest(ids, found({ eu, us: { rttMs: 29 - CLEARLY_MS } }), "eu")).toBe("us");
    expect(nearest(ids, found({ eu: { rttMs: 200 }, us: { rttMs: 175 } }), "eu")).toBe("eu");
    expect(nearest(ids, found({ eu: { rttMs: 200 }, us: { rttMs: 165 } }), "eu")).toBe("us");
  });

  it("is given up when it does not answer", () => {
    expect(nearest(ids, found({ eu: { failed: "no answer" }, us: { rttMs: 300 } }), "eu")).toBe("us");
    expect(nearest(ids, found({ eu: { failed: "no answer" } }), "eu")).toBe("us");
    expect(nearest(["eu"], found({ eu: { failed: "no answer" } }), "eu")).toBeUndefined();
  });

  it("does not change again while nothing else does", () => {
    const reach = fc.oneof(fc.constant(undefined), fc.record({ rttMs: fc.nat(400) }), fc.constant({ failed: "no" }));
    fc.assert(
      fc.property(fc.record({ eu: reach, us: reach, ap: reach }), fc.constantFrom(undefined, ...ids), (of, former) => {
        const first = nearest(ids, found(of), former);
        expect(nearest(ids, found(of), first)).toBe(first);
      }),
    );
  });
});
