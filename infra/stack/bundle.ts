// Makes one plain JavaScript file of a program of ours and all its packages. It starts four times as fast as the same
// program through tsx, which is what a start costs everybody else on the machine; and it stays as it was when it was
// built, whatever becomes of the sources.
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { atLowPriority } from "../provision/low-priority.ts";
import { runToEnd } from "../provision/program.ts";
import type { Home, Release } from "./home.ts";
import { Refusal } from "./refusal.ts";

const BUNDLE_TIMEOUT_MS = 120_000;
const ERROR_LINES_SHOWN = 15;
/** Packages in the older module format ask for Node's parts by `require`, which a module has to make for itself. */
const REQUIRE =
  'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);';

export interface Bundle {
  readonly root: string;
  /** From the root of the repository. */
  readonly script: string;
  /** Replaced whole: who starts it gets the old program or the new one. */
  readonly output: string;
  /** Packages that stay outside, for programs that can do without them. */
  readonly external?: readonly string[];
  readonly signal: AbortSignal;
}

/** Rejects with a Refusal that holds the reasons. */
export async function bundle({ root, script, output, external = [], signal }: Bundle): Promise<void> {
  const esbuild = join(
    dirname(createRequire(join(root, "package.json")).resolve("esbuild/package.json")),
    "bin/esbuild",
  );
  const next = `${output}.${process.pid}.next`;
  const flags = ["--bundle", "--platform=node", "--format=esm", "--target=node20", "--log-level=warning"];
  const { command, args } = atLowPriority(esbuild, [
    join(root, script),
    ...flags,
    ...external.map((name) => `--external:${name}`),
    `--banner:js=${REQUIRE}`,
    `--outfile=${next}`,
  ]);
  mkdirSync(dirname(output), { recursive: true });
  try {
    const outcome = await runToEnd(command, args, { timeoutMs: BUNDLE_TIMEOUT_MS, signal });
    if (outcome.code === 0) return renameSync(next, output);
    const lines = outcome.output.trim().split("\n").slice(-ERROR_LINES_SHOWN).join("\n");
    throw new Refusal("bundle-failed", `${script} cannot be made one file; esbuild says:\n${lines}`);
  } finally {
    rmSync(next, { force: true });
  }
}

export interface ServerBuild {
  readonly root: string;
  readonly home: Home;
  readonly release: Release;
  /** Releases whose servers run: what they were started from stays, for those that replace them. */
  readonly running?: readonly Release[];
  readonly signal: AbortSignal;
}

/** The game server of a release, at `home.serverScript(release)`. */
export async function buildServer({ root, home, release, running = [], signal }: ServerBuild): Promise<void> {
  const output = home.serverScript(release);
  await bundle({ root, script: "server/main.ts", output, signal });
  const kept = new Set([release, ...running].map((kept) => basename(home.serverScript(kept))));
  for (const name of readdirSync(dirname(output))) {
    if (!kept.has(name)) rmSync(join(dirname(output), name), { force: true });
  }
}
