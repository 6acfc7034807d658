// cfn-lint, AWS's linter of templates, from PyPI, in a folder of the tests' home: only where there are Python and PyPI.
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findInstalledProgram, type Outcome, runToEnd } from "../../../provision/program.ts";
import { readEnvironment } from "../../../stack/environment.ts";

const CFN_LINT_VERSION = "1.58.0";
const VENV_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 180_000;
const RUN_TIMEOUT_MS = 120_000;
/** The CDK writes what a resource waits for by the tree of constructs, also where a reference says it already. */
const NO_REDUNDANT_DEPENDENCIES = "W3005";

/** Its program, or the sentence that says why there is none. */
export async function provisionCfnLint(): Promise<{ readonly program: string } | { readonly why: string }> {
  const python = findInstalledProgram(["python3"]);
  if (python === undefined) return { why: "there is no python3 here" };
  const folder = join(readEnvironment().home, "tools", `cfn-lint-${CFN_LINT_VERSION}`);
  const program = join(folder, "bin", "cfn-lint");
  if (existsSync(program)) return { program };
  const next = `${folder}.${process.pid}`; // until it is whole
  const made = await runToEnd(python, ["-m", "venv", next], { timeoutMs: VENV_TIMEOUT_MS });
  if (made.code !== 0) return { why: "python3 -m venv fails here" };
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `cfn-lint==${CFN_LINT_VERSION}`];
  const installed = await runToEnd(join(next, "bin", "python"), args, { timeoutMs: INSTALL_TIMEOUT_MS });
  if (installed.code !== 0) {
    rmSync(next, { recursive: true, force: true });
    return { why: `it cannot be installed from PyPI (${installed.output.trim().split("\n").at(-1)})` };
  }
  renameSync(next, folder);
  return { program };
}

export function lint(program: string, region: string, templates: readonly string[]): Promise<Outcome> {
  // By the interpreter beside it: its first line names the folder in which it was made.
  const python = join(program, "..", "python");
  const args = [program, "--regions", region, "--ignore-checks", NO_REDUNDANT_DEPENDENCIES, "--", ...templates];
  return runToEnd(python, args, { timeoutMs: RUN_TIMEOUT_MS });
}
