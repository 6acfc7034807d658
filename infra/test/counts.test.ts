import { expect, test } from "vitest";
import { addCounts, countPlaywright, countVitest } from "./counts.ts";

test("Vitest's passed and failed tests are counted", () => {
  const report = { success: false, numPassedTests: 7, numFailedTests: 2 };
  expect(countVitest(JSON.stringify(report))).toEqual({ passed: 7, failed: 2 });
});

test("a Vitest run without success counts at least one failure, even when no test failed", () => {
  const report = { success: false, numPassedTests: 7, numFailedTests: 0 };
  expect(countVitest(JSON.stringify(report))).toEqual({ passed: 7, failed: 1 });
});

test("a flaky browser test and an error outside of tests count as failures", () => {
  const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{ message: "x" }] };
  expect(countPlaywright(JSON.stringify(report))).toEqual({ passed: 3, failed: 3 });
});

test("counts add up", () => {
  expect(addCounts({ passed: 1, failed: 2 }, { passed: 3, failed: 4 })).toEqual({ passed: 4, failed: 6 });
});
