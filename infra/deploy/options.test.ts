import { expect, test } from "vitest";
import { type DeployOptions, deployCommand } from "./options.ts";

function parse(line: string): DeployOptions {
  const command = deployCommand();
  command.parse(line.split(" "), { from: "user" });
  return command.opts<DeployOptions>();
}

test("everything can be said, and has a default", () => {
  expect(parse("--version v2")).toEqual({
    version: "v2",
    strategy: "rolling",
    canary: 6,
    bake: 5,
    env: {},
    platform: "process",
  });
  const all =
    "--version 1.2.3-rc_1 --strategy blue-green --canary 0 --bake 30 --env A=1 --env B_2=x=y --platform compose --json";
  expect(parse(all)).toEqual({
    ...{ version: "1.2.3-rc_1", strategy: "blue-green", canary: 0, bake: 30, platform: "compose", json: true },
    env: { A: "1", B_2: "x=y" },
  });
});

test.each([
  "--json",
  "--version ../v2",
  "--version v2 --strategy canary",
  "--version v2 --canary 1000",
  "--version v2 --bake soon",
  "--version v2 --env lower=1",
  "--version v2 --env =1",
  "--version v2 --env VERSION=v3",
  "--version v2 again",
])("%s is refused with one sentence", (line) => {
  expect(() => parse(line)).toThrow(/^error: [^\n]+$/);
});
