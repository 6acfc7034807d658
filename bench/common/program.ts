// Programs that take part in a measurement: started with their output in a file, waited for, ended.
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines } from "../../infra/stack/log-file.ts";

/** A running program that writes into a file. */
export interface Program {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly logFile: string;
  readonly ended: () => boolean;
  close(): Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 50;
const END_TIMEOUT_MS = 5_000;
const LOG_LINES_SHOWN = 5;

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** From SIGTERM to SIGKILL. */
  readonly endTimeoutMs?: number;
  /** Whether it can be spoken with over Node's IPC channel. */
  readonly channel?: boolean;
}

/** Starts a program whose output goes straight into a file, through no process of ours. */
export function startProgram(
  command: string,
  args: readonly string[],
  logFile: string,
  { env = process.env, endTimeoutMs = END_TIMEOUT_MS, channel = false }: ProgramOptions = {},
): Program {
  const descriptor = openSync(logFile, "a");
  const stdio: StdioOptions = ["ignore", descriptor, descriptor, ...(channel ? (["ipc"] as const) : [])];
  const child = spawn(command, args, { stdio, env });
  closeSync(descriptor);
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  return {
    pid: child.pid ?? 0,
    child,
    logFile,
    ended: () => ended,
    close: async () => {
      if (ended) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), endTimeoutMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Waits until `isReady` says so; a program that ends before, or takes too long, is an error with its last lines. */
export async function waitFor<T>(
  program: Program,
  isReady: () => T | undefined | Promise<T | undefined>,
  timeoutMs = READY_TIMEOUT_MS,
): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  while (!program.ended() && performance.now() < endMs) {
    const ready = await isReady();
    if (ready !== undefined) return ready;
    await sleep(READY_POLL_MS);
  }
  const why = program.ended() ? "ended while it started" : `is not ready after ${timeoutMs / 1_000} s`;
  await program.close();
  const words = lastLines(program.logFile, LOG_LINES_SHOWN)
    .split("\n")
    .map((line) => line.trim());
  throw new Error(`it ${why} (${program.logFile}): ${words.filter((line) => line !== "").join(" / ")}`);
}

export async function waitForPorts(program: Program, ports: readonly number[]): Promise<void> {
  for (const port of ports) await waitFor(program, () => accepts(port));
}

function accepts(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (answer: true | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(undefined));
  });
}
