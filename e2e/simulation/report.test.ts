import { expect, it } from "vitest";
import { add, describeFailure, emptySummary, sentenceOf } from "./report.ts";

it("sums runs up in a sentence", () => {
  const summary = emptySummary();
  for (const seed of [1, 2]) add(summary, { seed, durationMs: 20_000, events: 700, moves: 3 });
  expect(sentenceOf(summary)).toBe("2 seeds: every invariant held (40 s of virtual time, 1,400 events, 6 moves; 0 s)");
});

it("says what broke, with the smallest scenario that does it, and how to see it again", () => {
  const smallest = { players: 2, steps: [{ atMs: 155, kind: "kill" as const, server: 1 }] };
  const failed = { seed: 7, invariant: "forksEnd", what: "ABCD runs on s1, s2", atMs: 1200.4, smallest };
  expect(describeFailure(failed)).toBe(
    [
      "seed 7: forksEnd: ABCD runs on s1, s2 (at 1200 ms)",
      "  smallest scenario that does it: 2 players and",
      "    at 155 ms: kill, server 1",
      "  npm run simulate -- --seed 7 --trace",
    ].join("\n"),
  );
});
