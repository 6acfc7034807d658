// A part of the seeds as tests, so that the runner's workers share them. A failure says how to see it again.

import { describe, expect, it } from "vitest";
import { describeFailure } from "./report.ts";
import { run } from "./run.ts";
import { scenarioOf } from "./scenario.ts";
import { shrink } from "./shrink.ts";

const SEEDS_IN_A_TEST = 25;
/** Far more than they take on a slow machine. */
const TIMEOUT_MS = 300_000;

export function describeSeeds(first: number, count: number): void {
  describe("what is promised to players holds", { timeout: TIMEOUT_MS }, () => {
    for (let from = first; from < first + count; from += SEEDS_IN_A_TEST) {
      const to = Math.min(from + SEEDS_IN_A_TEST, first + count) - 1;
      it(`with seeds ${from} to ${to}`, async () => {
        for (let seed = from; seed <= to; seed++) expect(await failureOf(seed)).toBeUndefined();
      });
    }
  });
}

async function failureOf(seed: number): Promise<string | undefined> {
  const scenario = scenarioOf(seed);
  const { failure } = await run(scenario);
  if (!failure) return undefined;
  const { players, steps } = await shrink(scenario, failure.invariant, run);
  return describeFailure({ seed, ...failure, smallest: { players, steps } });
}
