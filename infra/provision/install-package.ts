// Carries out a plan of package-manager.ts on this machine. It asks nothing and reports progress on stderr.
import {
  adviseInstallation,
  type Host,
  type Plan,
  planInstallation,
  type Step,
  type Wanted,
} from "./package-manager.ts";
import { findProgram, runToEnd } from "./program.ts";
import { type Say, withProgress } from "./progress.ts";

const SUDO_TIMEOUT_MS = 5_000;
const INSTALL_TIMEOUT_MS = 600_000;

export async function describeHost(): Promise<Host> {
  const isRoot = process.getuid?.() === 0;
  const hasSudo =
    !isRoot &&
    findProgram(["sudo"]) !== undefined &&
    (await runToEnd("sudo", ["-n", "true"], { timeoutMs: SUDO_TIMEOUT_MS })).code === 0;
  return { isRoot, hasSudo, has: (program) => findProgram([program]) !== undefined };
}

export type Installation =
  | { readonly done: true }
  /** `why` says in a few words what stood in the way; `advice` is what a person could type. */
  | { readonly done: false; readonly why: string; readonly advice: string | undefined };

/** Installs `wanted` by the system's package manager, if that can be done without a question. */
export async function installPackage(wanted: Wanted, say: Say): Promise<Installation> {
  const host = await describeHost();
  const advice = adviseInstallation(wanted, host);
  const plan = planInstallation(wanted, host);
  if (!plan) return { done: false, why: "it cannot be installed here without a question", advice };
  const failure = await withProgress(`Installing ${wanted} (${plan.manager})`, say, () => carryOut(plan));
  return failure === undefined ? { done: true } : { done: false, why: failure, advice };
}

/** Undefined when a candidate went in, else why the last one did not. */
async function carryOut(plan: Plan): Promise<string | undefined> {
  if (plan.refresh) await run(plan.refresh); // an old list of packages may still do
  let why = "";
  for (const step of plan.candidates) {
    const outcome = await run(step);
    if (outcome.code === 0) return undefined;
    why = `${plan.manager} failed: ${lastLine(outcome.output)}`;
  }
  return why;
}

const run = (step: Step) => runToEnd(step.command, step.args, { timeoutMs: INSTALL_TIMEOUT_MS, env: step.env });

const lastLine = (output: string): string => output.trim().split("\n").at(-1)?.trim() || "no output";
