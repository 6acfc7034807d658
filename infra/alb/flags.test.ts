import { expect, test } from "vitest";
import { readFlags } from "./flags.ts";

function read(...flags: string[]) {
  const said: string[] = [];
  return { result: readFlags(["node", "alb", ...flags], (text) => said.push(text)), said };
}

const noConfig = { check: false, watch: false, json: false };
const onLoopback = { controlBind: "127.0.0.1", controlNames: [], stableArns: false };

test("without further flags the listeners are on loopback, IPv4 and IPv6, and the API on 8400", () => {
  expect(read("--home", "/x").result).toEqual({
    ...{
      home: "/x",
      controlPort: 8400,
      bind: ["127.0.0.1", "::1"],
      fastHealthChecks: false,
      ...{ ...noConfig, ...onLoopback },
      switches: {},
    },
  });
});

test("every flag is understood", () => {
  const flags = ["--home", "/x", "--control-port", "0", "--bind", "0.0.0.0", "--bind", "::", "--access-log", "-"];
  flags.push("--connection-log", "c", "--health-check-log", "h");
  const switches = ["--switch", "cookiesOn101=no", "--switch", "propagationLagSeconds=2,15"];
  const control = [
    "--control-bind",
    "0.0.0.0",
    "--control-name",
    "alb",
    "--control-name",
    "LB.internal",
    "--stable-arns",
  ];
  expect(read(...flags, "--fast-health-checks", ...switches, ...control).result).toEqual({
    ...{
      home: "/x",
      controlPort: 0,
      bind: ["0.0.0.0", "::"],
      accessLog: "-",
      connectionLog: "c",
      healthCheckLog: "h",
      fastHealthChecks: true,
      ...noConfig,
    },
    ...{ controlBind: "0.0.0.0", controlNames: ["alb", "lb.internal"], stableArns: true },
    switches: { cookiesOn101: false, propagationLagSeconds: [2, 15] },
  });
});

test.each([
  [["--check"], "--config"],
  [["--watch"], "--config"],
  [["--home", "x", "--hoem", "y"], "--hoem"],
  [["--home", "x", "--control-port", "many"], "'many'"],
  [["--home", "x", "--control-port", "65536"], "'65536'"],
  [["--home", "x", "--bind", "here"], "'here'"],
  [["--home", "x", "--control-bind", "here"], "'here'"],
  [["--home", "x", "--control-name", "a b"], "'a b'"],
  [["--home", "x", "--switch", "cookies=no"], "'cookies' is not a switch"],
  [["--home", "x", "more"], "too many arguments"],
])("wrong flags %j are refused in one sentence that names them", (flags, name) => {
  const { result, said } = read(...flags);
  expect(result).toBe(2);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(name);
});
