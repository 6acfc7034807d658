// Reads how many tests passed and failed from the JSON reports of Vitest and Playwright. Pure.
import { z } from "zod";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const vitestReport = z.object({ success: z.boolean(), numPassedTests: z.int(), numFailedTests: z.int() });
const playwrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int() }),
  errors: z.array(z.unknown()).default([]),
});

/** A file that does not even load has no test to count: it counts as one that failed. */
export function countVitest(text: string): Counts {
  const { success, numPassedTests, numFailedTests } = vitestReport.parse(JSON.parse(text));
  return { passed: numPassedTests, failed: success ? 0 : Math.max(1, numFailedTests) };
}

/** A test that passes only when tried again is flaky, and that is a failure. */
export function countPlaywright(text: string): Counts {
  const { stats, errors } = playwrightReport.parse(JSON.parse(text));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
});
