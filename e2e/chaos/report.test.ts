import { expect, test } from "vitest";
import { atMost, noted } from "./findings.ts";
import { hasPassed, type RunReport, reportAsJson, reportAsText } from "./report.ts";

const good: RunReport = {
  scenario: "kill",
  round: 1,
  seconds: 20,
  findings: [atMost("playing again, p95", 1_400, 2_000, "ms"), noted("gap max elsewhere", 60, "ms")],
};
const bad: RunReport = { ...good, round: 2, findings: [atMost("playing again, p95", 2_400, 2_000, "ms")] };
const broken: RunReport = { ...good, scenario: "redis", findings: [], error: "Not within 30 s: it is back." };

test("a run has passed when it came to its end and kept every limit", () => {
  expect([good, bad, broken].map(hasPassed)).toEqual([true, false, false]);
});

test("people see each measurement beside its limit, and what was missed", () => {
  const text = reportAsText([good, bad, broken]);
  expect(text).toMatch(/^kill +playing again, p95 +1400 ms +≤ 2000 +ok$/m);
  expect(text).toMatch(/^ +gap max elsewhere +60 ms$/m);
  expect(text).toMatch(/^kill \(2\) +playing again, p95 +2400 ms +≤ 2000 +MISSED$/m);
  expect(text).toMatch(/^redis +did not end +FAILED$/m);
  expect(text).toContain("redis: Not within 30 s: it is back.");
  expect(text).toContain("1 of 3 runs kept every limit.");
});

test("programs get one line", () => {
  const line = reportAsJson([good, bad]);
  expect(line.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(line)).toEqual({ passed: false, runs: [good, bad] });
});
