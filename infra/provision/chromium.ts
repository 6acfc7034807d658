// Where the browser of the tests comes from: CHROMIUM_PATH; else one on PATH; else the one that Playwright keeps; else
// the system's package manager; else Playwright's download. One that does not start does not count.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright";
import { Refusal } from "../stack/refusal.ts";
import { describeHost, installPackage } from "./install-package.ts";
import { findInstalledProgram, findProgram, runToEnd } from "./program.ts";
import { type Say, withProgress } from "./progress.ts";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] as const;
const VERSION_TIMEOUT_MS = 20_000;
const DOWNLOAD_TIMEOUT_MS = 600_000;

/** The path of a Chromium that starts. */
export async function provisionChromium(say: Say): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return checkNamed(named);
  for (const find of [() => findProgram(PROGRAMS), playwrightsOwn]) {
    const found = find();
    if (found && (await starts(found))) return found;
  }
  const installation = await installPackage("chromium", say);
  const installed = installation.done ? findInstalledProgram(PROGRAMS) : undefined;
  if (installed && (await starts(installed))) return installed;
  const why = await download(say);
  const downloaded = playwrightsOwn();
  if (downloaded && (await starts(downloaded))) return downloaded;
  throw new Refusal(
    "chromium-missing",
    `Chromium is needed for the browser tests and could not be installed (${why}): install it, or set CHROMIUM_PATH to its program.`,
  );
}

async function checkNamed(named: string): Promise<string> {
  if (await starts(named)) return named;
  throw new Refusal("chromium-broken", `CHROMIUM_PATH is ${named}, which does not start.`);
}

function playwrightsOwn(): string | undefined {
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/** Ubuntu's chromium is a script that asks for a snap, and a download may lack libraries: hence the trial. */
async function starts(program: string): Promise<boolean> {
  return (await runToEnd(program, ["--version"], { timeoutMs: VERSION_TIMEOUT_MS })).code === 0;
}

async function download(say: Say): Promise<string> {
  const cli = join(dirname(createRequire(import.meta.url).resolve("playwright/package.json")), "cli.js");
  const { isRoot } = await describeHost();
  const args = [cli, "install", ...(isRoot ? ["--with-deps"] : []), "chromium"];
  const outcome = await withProgress("Downloading Chromium (playwright install)", say, () =>
    runToEnd(process.execPath, args, { timeoutMs: DOWNLOAD_TIMEOUT_MS }),
  );
  return outcome.code === 0 ? "the downloaded one does not start" : lastLine(outcome.output);
}

const lastLine = (output: string): string => output.trim().split("\n").at(-1)?.trim() || "no output";
