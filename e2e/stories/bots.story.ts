import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "../fixtures/test.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..");

test("bots that are spread over gateways play without a loss", async ({ stack }) => {
  const { stdout } = await run(
    process.execPath,
    ["infra/run.mjs", "client/bots/main.ts", "--count", "12", "--seconds", "8", "--spread", "--json"],
    { cwd: ROOT, env: { ...process.env, TIDEGATE_HOME: stack.home } },
  );
  const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  expect(report).toMatchObject({ players: 12, disconnects: 0, moves: 0 });
  expect(report.inputs).toMatchObject({ lost: 0, doubled: 0, acked: report.inputs.sent });
  expect(report.inputs.sent).toBeGreaterThan(0);
  expect(Object.keys(report.servers).length).toBeGreaterThan(1);
  expect(report.remote, "players whose gateway is not their room's owner").toBeGreaterThan(0);
});
