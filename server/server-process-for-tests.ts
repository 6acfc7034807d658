// A real server process for tests: `main.ts`, made one file by the global setup, with an environment, its listening line, its end.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { SECRET } from "./gateway/server-for-tests.ts";

export interface ServerProcess {
  url: string;
  http: string;
  /** Host and port. */
  address: string;
  /** What it has logged so far. */
  log(): string;
  /** How it ended: the exit code, or the signal's name. */
  exited: Promise<number | string>;
  /** What a signal leads to, as `exited`. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/** Stopped by SIGTERM, it takes no longer than this. */
const STOP_TIMEOUT_SECONDS = "6";

/** Without an id it finds one by itself. */
export async function startServerProcess(
  id: string | undefined,
  redisUrl: string,
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = run({
    ...(id !== undefined && { SERVER_ID: id }),
    ...{ REDIS_URL: redisUrl, SESSION_SECRET: SECRET, LOG_LEVEL: "warn", STOP_TIMEOUT_SECONDS },
    ...environment,
  });
  const exited = once(child, "exit").then(([code, name]) => code ?? name);
  let log = "";
  const port = await listeningPort(child);
  child.stdout!.on("data", (chunk) => {
    log += chunk;
  });
  return {
    log: () => log,
    url: `ws://127.0.0.1:${port}`,
    http: `http://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    exited,
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs a server that is not expected to come up. */
export async function runToEnd(environment: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const child = run(environment);
  let stderr = "";
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}

function run(environment: Record<string, string>): ChildProcess {
  const { PATH = "", HOME = "", TMPDIR, TEST_SERVER_PROGRAM } = process.env;
  return spawn(process.execPath, [TEST_SERVER_PROGRAM!], {
    env: { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function listeningPort(child: ChildProcess): Promise<number> {
  let stderr = "";
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  for await (const line of createInterface(child.stdout!)) {
    const fields = JSON.parse(line);
    if (fields.event === "listening") return fields.port;
  }
  throw new Error(`the server ended before it listened: ${stderr}`);
}
