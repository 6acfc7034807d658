import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runToEnd } from "../provision/program.ts";
import { buildServer, bundle } from "./bundle.ts";
import { repositoryRoot } from "./environment.ts";
import { describeHome, type Release } from "./home.ts";

const { signal } = new AbortController();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tg-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a game server is one file that runs where no packages are, and those of releases that run no more are removed", async () => {
  const home = describeHome(folder);
  const root = repositoryRoot;
  mkdirSync(join(folder, "server"));
  const [gone, runs, next] = [1, 2, 3].map((generation) => ({ version: "v1", generation })) as [
    Release,
    Release,
    Release,
  ];
  for (const release of [gone, runs]) writeFileSync(home.serverScript(release), "");
  await buildServer({ root, home, release: next, running: [runs], signal });
  expect(readdirSync(join(folder, "server")).sort()).toEqual(["v1-2.mjs", "v1-3.mjs"]);
  const { output } = await runToEnd(process.execPath, [home.serverScript(next)], {
    timeoutMs: 20_000,
    env: { SERVER_ID: "" },
  });
  expect(output).toContain("environment variable SERVER_ID");
});

test("a program that does not compile is refused with the reasons, and the one before stays", async () => {
  const root = repositoryRoot;
  const output = join(folder, "tool.mjs");
  writeFileSync(output, "before");
  const failing = bundle({ root, script: "server/no-such-program.ts", output, signal });
  await expect(failing).rejects.toThrow(
    /^server\/no-such-program\.ts cannot be made one file; esbuild says:\n.*no-such/s,
  );
  expect(readdirSync(folder)).toEqual(["tool.mjs"]);
  expect(existsSync(output)).toBe(true);
});
