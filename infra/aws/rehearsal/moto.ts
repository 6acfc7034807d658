// moto's server: an AWS API that we did not write, from PyPI, in a folder of its own, on loopback, ended with us.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { installPackage } from "../../provision/install-package.ts";
import { findInstalledProgram, runToEnd } from "../../provision/program.ts";
import { type Say, withProgress } from "../../provision/progress.ts";
import { endChild, spawnChild } from "../../stack/child.ts";
import type { Clock } from "../../stack/clock.ts";
import { freePort } from "../../stack/ports.ts";
import { Refusal } from "../../stack/refusal.ts";
import { MOTO_VERSION } from "./moto-limits.ts";

const VENV_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 300_000;
const START_TIMEOUT_MS = 60_000;
const START_POLL_MS = 100;
const PROBE_TIMEOUT_MS = 2_000;
const END_TIMEOUT_MS = 5_000;

export interface Moto {
  readonly url: string;
  close(): Promise<void>;
}

/** The Python that knows moto. Throws a Refusal that begins "Not rehearsed" where it cannot be had. */
export async function provisionMoto(folder: string, say: Say): Promise<string> {
  const venv = join(folder, `moto-${MOTO_VERSION}`);
  const python = join(venv, "bin", "python");
  if (existsSync(python)) return python;
  const next = `${venv}.next`; // until it is whole
  rmSync(next, { recursive: true, force: true });
  mkdirSync(dirname(next), { recursive: true });
  await makeVenv(next, say);
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `moto[server]==${MOTO_VERSION}`];
  const { code, output } = await withProgress(`Installing moto ${MOTO_VERSION} (PyPI)`, say, () =>
    runToEnd(join(next, "bin", "python"), args, { timeoutMs: INSTALL_TIMEOUT_MS }),
  );
  if (code !== 0) throw notRehearsed(`moto ${MOTO_VERSION} cannot be installed from PyPI (${lastLine(output)})`);
  renameSync(next, venv);
  return python;
}

/** Debian keeps what `venv` needs in a package of its own. */
async function makeVenv(folder: string, say: Say): Promise<void> {
  if (await hasMadeVenv(folder)) return;
  const installation = await installPackage("python", say);
  if (installation.done && (await hasMadeVenv(folder))) return;
  const why = installation.done ? "python3 -m venv fails" : installation.why;
  throw notRehearsed(`Python 3 with venv is needed (${why})`);
}

async function hasMadeVenv(folder: string): Promise<boolean> {
  const python = findInstalledProgram(["python3"]);
  if (python === undefined) return false;
  rmSync(folder, { recursive: true, force: true });
  return (await runToEnd(python, ["-m", "venv", folder], { timeoutMs: VENV_TIMEOUT_MS })).code === 0;
}

export async function startMoto(python: string, logFile: string, clock: Clock): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawnChild({
    name: "moto",
    command: python,
    args: ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)],
    logFile,
  });
  process.on("exit", () => child.signal("SIGKILL")); // also when we end by a fault
  const close = () => endChild(child, END_TIMEOUT_MS, clock);
  const deadlineMs = clock.nowMs() + START_TIMEOUT_MS;
  while (child.exit === undefined && clock.nowMs() < deadlineMs) {
    if (await answers(url)) return { url, close };
    await clock.sleep(START_POLL_MS);
  }
  await close();
  throw notRehearsed(`moto does not start: see ${logFile}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).ok;
  } catch {
    return false; // not yet
  }
}

const notRehearsed = (why: string): Refusal => new Refusal("not-rehearsed", `Not rehearsed: ${why}.`);

const lastLine = (output: string): string => output.trim().split("\n").at(-1)?.trim() || "no output";
