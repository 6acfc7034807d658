import { expect, test } from "vitest";
import { defaultSwitches, readSwitch, switchesSchema, switchNames } from "./switches.ts";

test("ALB-61: without a word the switches stand where the reference recommends", () => {
  expect(defaultSwitches).toEqual({
    propagationLagSeconds: [0, 0],
    webSocketsOutstanding: true,
    cookiesOn101: true,
    routeToInitial: false,
    drainDeadlineClose: "FIN",
  });
  expect(switchNames).toEqual(Object.keys(defaultSwitches));
});

test.each([
  ["propagationLagSeconds=2,15", { propagationLagSeconds: [2, 15] }],
  ["propagationLagSeconds=0.5", { propagationLagSeconds: [0.5, 0.5] }],
  ["webSocketsOutstanding=no", { webSocketsOutstanding: false }],
  ["cookiesOn101=false", { cookiesOn101: false }],
  ["routeToInitial=yes", { routeToInitial: true }],
  ["drainDeadlineClose=RST", { drainDeadlineClose: "RST" }],
])("ALB-61: the flag's %s is understood", (text, expected) => {
  expect(readSwitch(text)).toEqual(expected);
});

test.each([
  ["propagationLag=2", "'propagationLag' is not a switch; there are propagationLagSeconds, "],
  ["constructor=1", "'constructor' is not a switch"],
  ["cookiesOn101", "needs a value: cookiesOn101=VALUE."],
  ["cookiesOn101=maybe", "cannot be 'maybe': it must be yes or no."],
  ["drainDeadlineClose=fin", "it must be FIN or RST."],
  ["propagationLagSeconds=15,2", "its minimum must not exceed its maximum."],
  ["propagationLagSeconds=1,2,3", 'it must be a number of seconds or two, "min,max", from 0 to 120.'],
  ["propagationLagSeconds=500", "from 0 to 120."],
  ["propagationLagSeconds=", "from 0 to 120."],
])("ALB-61: %s is refused in a sentence", (text, sentence) => {
  expect(readSwitch(text)).toEqual(expect.stringContaining(sentence));
});

test("ALB-61: the config file may use its own types, and an unknown name is refused", () => {
  expect(switchesSchema.parse({ propagationLagSeconds: [1, 2], routeToInitial: true })).toEqual({
    ...defaultSwitches,
    ...{ propagationLagSeconds: [1, 2], routeToInitial: true },
  });
  expect(switchesSchema.parse({ propagationLagSeconds: 3 }).propagationLagSeconds).toEqual([3, 3]);
  expect(switchesSchema.safeParse({ cookies: true }).success).toBe(false);
});
