// The quick part of the tests: types, lint, import arrows, lockfile. Each step is reported with its time.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { judgeTree } from "./arrows-of-tree.ts";
import { judgeLockfile } from "./lockfile.ts";
import { judge, report, runStep, type StepResult } from "./step.ts";

/** How many of them fail. */
export async function runQuickChecks(root: string): Promise<number> {
  const results = await Promise.all([
    reported(
      runStep({ name: "types", ...script(root, "typescript", "bin/tsc", ["--noEmit", "-p", root]) }, { quiet: true }),
    ),
    reported(
      runStep({ name: "lint", ...script(root, "@biomejs/biome", "bin/biome", ["check", root]) }, { quiet: true }),
    ),
    reported(Promise.resolve(judge("import arrows", () => judgeTree(root).complaints))),
    reported(
      Promise.resolve(judge("lockfile", () => judgeLockfile(readFileSync(join(root, "package-lock.json"), "utf8")))),
    ),
  ]);
  return results.filter((result) => !result.passed).length;
}

async function reported(step: Promise<StepResult>): Promise<StepResult> {
  const result = await step;
  report(result);
  return result;
}

/** A program of an installed package, run by this Node: no shell, no PATH. */
export function script(root: string, packageName: string, file: string, args: readonly string[]) {
  const folder = dirname(createRequire(join(root, "package.json")).resolve(`${packageName}/package.json`));
  return { command: process.execPath, args: [join(folder, file), ...args] };
}
