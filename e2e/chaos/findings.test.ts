import { expect, test } from "vitest";
import { atLeast, atMost, exactly, noted } from "./findings.ts";

test("a limit is kept up to and including itself", () => {
  expect(atMost("gap", 250, 250, "ms")).toMatchObject({ passed: true, limit: "≤ 250" });
  expect(atMost("gap", 250.01, 250, "ms").passed).toBe(false);
  expect(atLeast("players", 60, 60).passed).toBe(true);
  expect(atLeast("players", 59, 60).passed).toBe(false);
  expect(exactly("moved", 60, 60).passed).toBe(true);
  expect(exactly("moved", 61, 60).passed).toBe(false);
});

test("what was not measured keeps no limit", () => {
  expect(atMost("gap", Number.NaN, 250).passed).toBe(false);
  expect(atMost("back after", Number.POSITIVE_INFINITY, 2000).passed).toBe(false);
  expect(atLeast("players", Number.NaN, 1).passed).toBe(false);
});

test("what is only worth knowing never fails", () => {
  expect(noted("machine stood still", 900, "ms")).toMatchObject({ passed: true, limit: "" });
});
