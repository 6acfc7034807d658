// Programs that come from the system's packages: found, or installed where that needs no question.
import { installPackage } from "../../../infra/provision/install-package.ts";
import type { Wanted } from "../../../infra/provision/package-manager.ts";
import { findInstalledProgram, runToEnd } from "../../../infra/provision/program.ts";
import { sayOnStderr } from "../../../infra/provision/progress.ts";

const VERSION_TIMEOUT_MS = 5_000;

/** Rejects with why it is not to be had here, and what a person could type. */
export async function findOrInstall(wanted: Wanted, program: string): Promise<string> {
  const found = findInstalledProgram([program]);
  if (found) return found;
  const installation = await installPackage(wanted, sayOnStderr);
  const installed = installation.done ? findInstalledProgram([program]) : undefined;
  if (installed) return installed;
  const why = installation.done ? `the package brought no ${program}` : installation.why;
  const advice = installation.done ? undefined : installation.advice;
  throw new Error(`${program} is not installed and ${why}${advice ? ` (${advice})` : ""}`);
}

/** The first thing in its own words that looks like a version. */
export async function versionOf(program: string, args: readonly string[]): Promise<string> {
  const { output } = await runToEnd(program, args, { timeoutMs: VERSION_TIMEOUT_MS });
  return /\d+\.\d+[\w.-]*/.exec(output)?.[0] ?? "of unknown version";
}
