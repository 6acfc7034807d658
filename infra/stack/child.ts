// A child process with a log file: started, listened to line by line, ended. What it is for, its starter knows.
import { type ChildProcess, spawn } from "node:child_process";
import type { Clock } from "./clock.ts";
import { LogFile } from "./log-file.ts";

const LINE_MAX_CHARS = 65_536;

export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Replaces the environment; ours is inherited when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly logFile: string;
  readonly onLine?: (line: string) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  /** Undefined when it could not be started; `exited` then resolves at once. */
  readonly pid: number | undefined;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  /** Set once it has ended. */
  readonly exit: Exit | undefined;
  signal(name: NodeJS.Signals): void;
}

export function spawnChild(spec: ChildSpec): Child {
  const log = new LogFile(spec.logFile);
  const running = spawn(spec.command, spec.args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...(spec.env ?? process.env) },
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  });
  const lines = lineReader(spec.onLine ?? (() => {}));
  running.stdout.on("data", (chunk: Buffer) => {
    log.write(chunk);
    lines(chunk.toString());
  });
  running.stderr.on("data", (chunk: Buffer) => log.write(chunk));
  let exit: Exit | undefined;
  const exited = exitOf(running, log).then((how) => {
    exit = how;
    log.close();
    return how;
  });
  return {
    name: spec.name,
    pid: running.pid,
    logFile: spec.logFile,
    exited,
    get exit() {
      return exit;
    },
    signal: (name) => {
      if (running.exitCode === null && running.signalCode === null) running.kill(name);
    },
  };
}

/** Waits for `close`, not `exit`, so that the last lines are in the log before anybody reads it. */
function exitOf(running: ChildProcess, log: LogFile): Promise<Exit> {
  return new Promise((resolve) => {
    running.once("error", (error) => {
      log.write(Buffer.from(`cannot start: ${error.message}\n`));
      if (running.pid === undefined) resolve({ code: -1, signal: null });
    });
    running.once("close", (code, signal) => resolve({ code, signal }));
  });
}

/** Cuts a stream of text into lines; a line above the limit is dropped, since no message of ours is that long. */
export function lineReader(onLine: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    if (rest.length > LINE_MAX_CHARS) rest = "";
    for (const line of parts) onLine(line);
  };
}

/** SIGTERM, and SIGKILL for what is still there after `limitMs`. */
export async function endChild(child: Child, limitMs: number, clock: Clock): Promise<void> {
  const ended = new AbortController();
  child.signal("SIGTERM");
  void child.exited.then(() => ended.abort());
  await clock.sleep(limitMs, ended.signal);
  if (ended.signal.aborted) return;
  child.signal("SIGKILL");
  await child.exited;
}

export const describeExit = (exit: Exit): string =>
  exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
