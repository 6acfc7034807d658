// Folders that are packages of their own, with a lockfile of their own: large, and installed only when somebody needs them, so
// that `npm start` does not wait for them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
// @ts-expect-error: plain JavaScript, since it runs before TypeScript is installed
import { installIsCurrent, npmCommand, withInstallLock } from "../run.mjs";
import { Refusal } from "../stack/refusal.ts";
import { runToEnd } from "./program.ts";
import { type Say, withProgress } from "./progress.ts";

const INSTALL_TIMEOUT_MS = 300_000;
const ERROR_LINES_SHOWN = 3;

export interface OwnPackage {
  /** Absolute; holds package.json and package-lock.json. */
  readonly folder: string;
  /** For people: "the peers". */
  readonly title: string;
  /** Further arguments of `npm ci`. */
  readonly npmArguments?: readonly string[];
}

/** The AWS app, its command line and clients of AWS's APIs. */
export const awsPackage = (root: string): OwnPackage => ({ folder: join(root, "infra/aws"), title: "the AWS app" });

/** Installs what its lockfile names unless all of it is there. Throws a Refusal with npm's own words when it cannot. */
export async function installOwnPackage(own: OwnPackage, say: Say): Promise<void> {
  if (isInstalled(own.folder)) return;
  await withInstallLock(async () => {
    if (!isInstalled(own.folder)) await install(own, say); // another process may have done it while we waited
  });
}

const isInstalled = (folder: string): boolean =>
  installIsCurrent(
    readJson(join(folder, "package-lock.json")),
    readJson(join(folder, "node_modules/.package-lock.json")),
  );

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // missing or half written: not installed
  }
}

async function install({ folder, title, npmArguments = [] }: OwnPackage, say: Say): Promise<void> {
  const [command, prefix] = npmCommand() as [string, string[]];
  const args = [...prefix, "ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder, ...npmArguments];
  const { code, output } = await withProgress(`Installing ${title} (npm ci)`, say, () =>
    runToEnd(command, args, { timeoutMs: INSTALL_TIMEOUT_MS }),
  );
  if (code === 0) return;
  const why = output.trim().split("\n").slice(0, ERROR_LINES_SHOWN).join(" ");
  throw new Refusal("install-failed", `Cannot install ${title}: npm ci in ${folder} ended with ${code}: ${why}`);
}
