// Tasks as processes of this machine: one game server each, on a loopback port that the system chooses. While some serve
// players, others start one after the other: each start costs CPU that the players would miss.

import { z } from "zod";
import { type Child, describeExit, spawnChild } from "../child.ts";
import { deferred } from "../deferred.ts";
import { lastLines } from "../log-file.ts";
import { Refusal } from "../refusal.ts";
import type { Address, Platform, Task, TaskSpec } from "./platform.ts";

const LISTEN_TIMEOUT_MS = 30_000;
const LOG_LINES_SHOWN = 8;

export interface ProcessPlatformOptions {
  readonly command: string;
  readonly args: (spec: TaskSpec) => readonly string[];
  readonly cwd: string;
  readonly host: string;
  readonly environment: (spec: TaskSpec) => Readonly<Record<string, string | undefined>>;
  readonly logFile: (id: string) => string;
  readonly onSpawn: (child: Child) => void;
  /** Every line that a task writes to stdout. */
  readonly onLine?: (line: string) => void;
}

const listeningSchema = z.object({ event: z.literal("listening"), port: z.int().min(1).max(65_535) });

export class ProcessPlatform implements Platform {
  readonly #options: ProcessPlatformOptions;
  readonly #children = new Map<string, Child>();
  readonly #listening = new Set<Child>();
  /** Settles when the start that was asked for last has come to its end. */
  #lastStart: Promise<unknown> = Promise.resolve();

  constructor(options: ProcessPlatformOptions) {
    this.#options = options;
  }

  startTask(spec: TaskSpec, signal: AbortSignal): Promise<Task> {
    const turn = this.#listening.size > 0 ? this.#lastStart : Promise.resolve();
    const starting = turn.then(() => this.#start(spec, signal));
    this.#lastStart = starting.catch(() => {}); // its caller gets the error
    return starting;
  }

  async #start(spec: TaskSpec, signal: AbortSignal): Promise<Task> {
    if (signal.aborted) throw new Refusal("task-cancelled", `${spec.id} is no longer wanted.`);
    const { promise: listening, resolve: listens } = deferred<Address>();
    const child = this.#spawn(spec, (port) => listens({ host: this.#options.host, port }));
    try {
      const address = await firstOf(listening, failure(child, spec.id, signal));
      if (child.exit === undefined) this.#listening.add(child);
      return { spec, pid: child.pid, address, log: child.logFile, exited: child.exited };
    } catch (error) {
      child.signal("SIGKILL");
      throw error;
    }
  }

  stopTask(task: Task): void {
    this.#children.get(task.spec.id)?.signal("SIGTERM");
  }

  kill(task: Task): void {
    this.#children.get(task.spec.id)?.signal("SIGKILL");
  }

  #spawn(spec: TaskSpec, onPort: (port: number) => void): Child {
    const child = spawnChild({
      name: spec.id,
      command: this.#options.command,
      args: this.#options.args(spec),
      cwd: this.#options.cwd,
      env: this.#options.environment(spec),
      logFile: this.#options.logFile(spec.id),
      onLine: (line) => {
        const port = readListening(line);
        if (port !== undefined) onPort(port);
        this.#options.onLine?.(line);
      },
    });
    this.#children.set(spec.id, child);
    this.#options.onSpawn(child);
    void child.exited.then(() => {
      this.#children.delete(spec.id);
      this.#listening.delete(child);
    });
    return child;
  }
}

/** The port of a line such as {"event":"listening","port":41234}; undefined for every other line. */
export function readListening(line: string): number | undefined {
  if (!line.includes('"listening"')) return undefined;
  try {
    const result = listeningSchema.safeParse(JSON.parse(line));
    return result.success ? result.data.port : undefined;
  } catch {
    return undefined; // a line of text that happens to hold the word
  }
}

/** Rejects when the task ends, takes too long, or is no longer wanted. */
function failure(child: Child, id: string, signal: AbortSignal): { promise: Promise<never>; cancel: () => void } {
  const { promise, reject } = deferred<never>();
  const refuse = (code: string, why: string) => reject(new Refusal(code, `${id} ${why}${shownLog(child)}`));
  const timer = setTimeout(
    () => refuse("task-silent", `does not listen after ${LISTEN_TIMEOUT_MS / 1000} s`),
    LISTEN_TIMEOUT_MS,
  );
  const abort = () => refuse("task-cancelled", "is no longer wanted");
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  void child.exited.then((exit) => refuse("task-ended", `ended before it listened (${describeExit(exit)})`));
  const cancel = () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  };
  return { promise, cancel };
}

async function firstOf<T>(wanted: Promise<T>, failure: { promise: Promise<never>; cancel: () => void }): Promise<T> {
  failure.promise.catch(() => {}); // it may also come after the wanted thing, when nobody waits for it any more
  try {
    return await Promise.race([wanted, failure.promise]);
  } finally {
    failure.cancel();
  }
}

function shownLog(child: Child): string {
  const lines = lastLines(child.logFile, LOG_LINES_SHOWN);
  return lines === "" ? `; its log ${child.logFile} is empty.` : `; the end of ${child.logFile}:\n${lines}`;
}
