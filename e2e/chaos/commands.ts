// The real commands, run as a person would run them, on the stack of a home.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const OUTPUT_KEPT_CHARACTERS = 8_000;

export interface CommandResult {
  readonly code: number | null;
  /** The JSON object on the last line of standard output; undefined when there is none. */
  readonly json: unknown;
  /** The end of what it said on standard error. */
  readonly said: string;
}

export interface RunningCommand {
  /** Resolves when it has ended. */
  readonly ended: Promise<CommandResult>;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Starts `npm run <script> -- <args> --json`. The signal ends it. */
export function startCommand(
  home: string,
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): RunningCommand {
  const child = spawn(process.execPath, ["infra/run.mjs", SCRIPTS[script] ?? script, ...args, "--json"], {
    cwd: ROOT,
    // As npm has it, the lifecycle event among it: the command ends when we do, whatever ends us.
    env: { ...process.env, TIDEGATE_HOME: home, npm_lifecycle_event: script },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const interrupt = () => void child.kill("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  const ended = collect(child).finally(() => signal.removeEventListener("abort", interrupt));
  return { ended, interrupt };
}

const SCRIPTS: Readonly<Record<string, string>> = {
  bots: "client/bots/main.ts",
  deploy: "infra/deploy/main.ts",
  scale: "infra/stack/scale.ts",
  kill: "infra/stack/kill.ts",
};

async function collect(child: ChildProcess): Promise<CommandResult> {
  let out = "";
  let said = "";
  child.stdout?.on("data", (chunk) => {
    out = (out + chunk).slice(-OUTPUT_KEPT_CHARACTERS);
  });
  child.stderr?.on("data", (chunk) => {
    said = (said + chunk).slice(-OUTPUT_KEPT_CHARACTERS);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, json: parse(out.trim().split("\n").at(-1) ?? ""), said };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // whoever wants an object says that there was none
  }
}
