// The quick part of the tests: types, lint, import arrows, lockfiles. Each step is reported with its time.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { awsPackage, installOwnPackage } from "../provision/own-package.ts";
import { sayOnStderr } from "../provision/progress.ts";
import { judgeTree } from "./arrows-of-tree.ts";
import { judgeLockfile, LOCKFILES } from "./lockfile.ts";
import { judge, report, runStep, type Step, type StepResult } from "./step.ts";

/** How many of them fail. */
export async function runQuickChecks(root: string): Promise<number> {
  const results = await Promise.all([
    reported(runStep(types("types", root, root), { quiet: true })),
    reported(checkAwsTypes(root)),
    reported(
      runStep({ name: "lint", ...script(root, "@biomejs/biome", "bin/biome", ["check", root]) }, { quiet: true }),
    ),
    reported(Promise.resolve(judge("import arrows", () => judgeTree(root).complaints))),
    reported(Promise.resolve(judge("lockfiles", () => LOCKFILES.flatMap((file) => judgeLockfileOf(root, file))))),
  ]);
  return results.filter((result) => !result.passed).length;
}

/** The AWS app is a package of its own, which has to be there, and is written for looser types than ours (infra/aws/tsconfig.json). */
async function checkAwsTypes(root: string): Promise<StepResult> {
  const own = awsPackage(root);
  try {
    await installOwnPackage(own, sayOnStderr);
  } catch (error) {
    return judge("types of the AWS app", () => [(error as Error).message]);
  }
  return runStep(types("types of the AWS app", root, own.folder), { quiet: true });
}

const types = (name: string, root: string, project: string): Step => ({
  name,
  ...script(root, "typescript", "bin/tsc", ["--noEmit", "-p", project]),
});

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
