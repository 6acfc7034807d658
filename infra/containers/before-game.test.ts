// What runs before the server, as its image starts it: by `node --import`, in the way of a file that was bundled.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runToEnd } from "../provision/program.ts";
import { bundle } from "../stack/bundle.ts";
import { repositoryRoot } from "../stack/environment.ts";

const START_LIMIT_MS = 30_000;

let folder: string;
let preload: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tg-"));
  mkdirSync(join(folder, "client", "assets"), { recursive: true });
  writeFileSync(join(folder, "client", "assets", "index-1.js"), "");
  preload = join(folder, "before-game.mjs");
  const signal = new AbortController().signal;
  await bundle({ root: repositoryRoot, script: "infra/containers/before-game.ts", output: preload, signal });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a server would see as its secret. */
async function start(env: Record<string, string>): Promise<string> {
  const script = "process.stdout.write(process.env.SESSION_SECRET ?? 'none')";
  const args = ["--import", pathToFileURL(preload).href, "-e", script];
  const { code, output } = await runToEnd(process.execPath, args, { timeoutMs: START_LIMIT_MS, env });
  expect(code, output).toBe(0);
  return output.trim();
}

test("servers that start at the same time share a volume's secret, and their assets lie there", async () => {
  const shared = join(folder, "shared");
  const file = join(shared, "session-secret");
  const variables = {
    ...{ CLIENT_DIR: join(folder, "client"), ASSETS_DIR: join(shared, "assets"), SESSION_SECRET_FILE: file },
  };
  const secrets = await Promise.all([start(variables), start(variables), start(variables)]);
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toMatch(/^[\w-]{43}$/);
  expect(readFileSync(file, "utf8")).toBe(secrets[0]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(join(shared, "assets", "index-1.js"))).toBe(true);
  expect(await start({ ...variables, SESSION_SECRET: "given" })).toBe("given");
});

test("where nothing is shared nothing is made", async () => {
  expect(await start({ CLIENT_DIR: join(folder, "client") })).toBe("none");
});
