import { expect, test } from "vitest";
import { describeLife } from "./description.ts";
import { afterCheck, type CheckResult, newcomer, type TargetLife } from "./target-life.ts";

const thresholds = { healthy: 3, unhealthy: 2 };
const pass: CheckResult = { kind: "pass", code: 200 };
const timeout: CheckResult = { kind: "timeout" };
const after = (...results: CheckResult[]) =>
  results.reduce<TargetLife>((life, result) => afterCheck(life, result, thresholds), newcomer);

test("ALB-55: one passed check makes a new target healthy", () => {
  expect(after(pass).status).toBe("healthy");
  expect(after(timeout, pass).status).toBe("healthy");
});

test("ALB-55: failures in a row up to the threshold make a target unhealthy, also a new one", () => {
  expect(after(timeout).status).toBe("initial");
  expect(after(timeout, timeout).status).toBe("unhealthy");
  expect(after(pass, timeout).status).toBe("healthy");
  expect(after(pass, timeout, pass, timeout).status).toBe("healthy");
  expect(after(pass, timeout, timeout).status).toBe("unhealthy");
});

test("ALB-55: the way back takes the healthy threshold in a row", () => {
  const down = [timeout, timeout];
  expect(after(...down, pass, pass).status).toBe("unhealthy");
  expect(after(...down, pass, pass, timeout, pass, pass).status).toBe("unhealthy");
  expect(after(...down, pass, pass, pass).status).toBe("healthy");
});

test.each([
  [[], { State: "initial", Reason: "Elb.InitialHealthChecking", Description: "Initial health checks in progress" }],
  [[pass], { State: "healthy" }],
  [
    [timeout, { kind: "wrong-code", code: 404 }],
    {
      State: "unhealthy",
      Reason: "Target.ResponseCodeMismatch",
      Description: "Health checks failed with these codes: [404]",
    },
  ],
  [[timeout, timeout], { State: "unhealthy", Reason: "Target.Timeout", Description: "Request timed out" }],
  [
    [timeout, { kind: "failed", reset: true }],
    { State: "unhealthy", Reason: "Target.FailedHealthChecks", Description: "Health checks failed" },
  ],
] as [CheckResult[], object][])("ALB-56: after %j the API says %j", (results, expected) => {
  expect(describeLife(after(...results))).toEqual(expected);
});
