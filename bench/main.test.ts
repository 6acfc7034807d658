import { resolve } from "node:path";
import { expect, test } from "vitest";
import { runToEnd } from "../infra/provision/program.ts";
import { typescriptArguments } from "../infra/stack/typescript.ts";
import { socketCounts } from "./alb-memory-command.ts";

const root = resolve(import.meta.dirname, "..");
const bench = (...args: string[]) =>
  runToEnd(process.execPath, [...typescriptArguments(root, "bench/main.ts"), ...args], { timeoutMs: 15_000 });

test.each([
  [["nothing"], 'There is no measurement "nothing", but there are server, proxy'],
  [["proxy", "nothing"], "too many arguments"],
  [["proxy", "--only", "envoy"], '"envoy" is none of ours, nginx, haproxy, http-proxy-3.'],
  [["proxy", "--rate", "0"], "It must be a whole number from 1 to 1000."],
  [["proxy", "--fast"], "unknown option '--fast'"],
  [["slow-reader", "--readers", "me"], '"me" is none of direct, tls, unconfirmed.'],
  [["stack", "--rooms", "9"], "It must be a whole number from 1 to 8."],
  [["alb-memory", "--sockets", "10,x"], "whole numbers from 1 to 10000"],
])("%j is refused by name, with code 2 and one sentence", async (args, sentence) => {
  const { code, output } = await bench(...args);
  expect(code).toBe(2);
  expect(output).toContain(sentence);
  expect(output.trim().split("\n")).toHaveLength(1);
});

test("numbers of sockets come with commas between them", () => {
  expect(socketCounts("100,2000")).toEqual([100, 2_000]);
  expect(() => socketCounts("0")).toThrow("from 1 to 10000");
});
