import { expect, test } from "vitest";
import { forwardTo, group, pathRule, stateOf, target } from "../testing/fixtures.ts";
import { differences } from "./differences.ts";

const defaultAction = forwardTo(["g", 1]);
const before = stateOf({
  groups: [group("g", [target(1), target(2)]), group("old", [])],
  defaultAction,
  rules: [pathRule(5, "/a", defaultAction), pathRule(6, "/b", defaultAction)],
});

test("equal states have no differences", () => {
  expect(differences(before, structuredClone(before))).toEqual([]);
});

test("what was added, changed, removed or drains has a phrase each", () => {
  const now = stateOf({
    groups: [
      group("g", [target(1), target(2, 99), target(3)], { "deregistration_delay.timeout_seconds": "7" }),
      group("new", []),
    ],
    defaultAction,
    rules: [pathRule(5, "/other", defaultAction), pathRule(7, "/c", defaultAction)],
    listener: { port: 81 },
  });
  expect(differences(before, now)).toEqual([
    "listener 81 changed",
    "rule 5 of listener 81 changed",
    "rule 7 of listener 81 added",
    "rule 6 of listener 80 removed",
    "target group g changed",
    "target group new added",
    "target group old removed",
    "target 10.0.0.1:2 of g drains",
    "target 10.0.0.1:3 of g added",
  ]);
});
