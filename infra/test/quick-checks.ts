// The quick part of the tests: types, lint, import arrows, lockfiles. Each step is reported with its time.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { awsPackage, installOwnPackage } from "../provision/own-package.ts";
import { sayOnStderr } from "../provision/progress.ts";
import { judgeTree } from "./arrows-of-tree.ts";
import { judgeLockfile, LOCKFILES } from "./lockfile.ts";
import { judge, report, runStep, type StepResult } from "./step.ts";

/** How many of them fail. */
export async function runQuickChecks(root: string): Promise<number> {
  const results = await Promise.all([
    reported(checkTypes(root)),
    reported(
      runStep({ name: "lint", ...script(root, "@biomejs/biome", "bin/biome", ["check", root]) }, { quiet: true }),
    ),
    reported(Promise.resolve(judge("import arrows", () => judgeTree(root).complaints))),
    reported(Promise.resolve(judge("lockfiles", () => LOCKFILES.flatMap((file) => judgeLockfileOf(root, file))))),
  ]);
  return results.filter((result) => !result.passed).length;
}

/** The AWS app is a package of its own, whose types have to be there. */
async function checkTypes(root: string): Promise<StepResult> {
  try {
    await installOwnPackage(awsPackage(root), sayOnStderr);
  } catch (error) {
    return judge("types", () => [(error as Error).message]);
  }
  const tsc = script(root, "typescript", "bin/tsc", ["--noEmit", "-p", root]);
  return runStep({ name: "types", ...tsc }, { quiet: true });
}

const judgeLockfileOf = (root: string, file: string): string[] =>
  judgeLockfile(readFileSync(join(root, file), "utf8"), file);

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
