import { expect, test } from "vitest";
import type { Outcome } from "./measure.ts";
import { describe, type SoakOutcome, targetsOf } from "./soak.ts";

const slice = (round: number, maxMs: number): Outcome => ({
  ...{ name: "tidegate", round, cpuUs: 900, userUs: 500, systemUs: 400, downShare: 1, upShare: 0.99 },
  ...{ bytesDownPerSecond: 4_000, bytesUpPerSecond: 400, bytesDownPerSecondMax: 5_000 },
  ...{ intervalP50Ms: 33, intervalP99Ms: 40, tickP99Ms: 5, residentMiB: 120, idleShare: 0.5 },
  pauses: { count: 90, totalMs: 200, maxMs, long: maxMs > 10 ? 1 : 0 },
});
const memory = (mebibytes: number) => ({ residentBytes: 2 * mebibytes * 2 ** 20, usedBytes: mebibytes * 2 ** 20 });
const outcome: SoakOutcome = {
  slices: [slice(1, 4), slice(2, 11)],
  memory: { empty: memory(20), full: memory(24), end: memory(24.4) },
};

test("one stop that is too long in any slice is enough", () => {
  expect(targetsOf(outcome).map(({ measured, met }) => [measured, met])).toEqual([
    ["11.0 ms", false],
    ["1.02 ×", true],
  ]);
});

test("what a connection takes is what all of them have added", () => {
  expect(describe(outcome, 256)).toContain("One connection with its seat: 16.0 KiB in use, 32.0 KiB resident.");
});
