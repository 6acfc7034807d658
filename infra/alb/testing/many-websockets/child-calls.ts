// Calls into a child process by name, over Node's own channel. One answer to each call; a child that ends rejects them.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export interface Child {
  readonly process: ChildProcess;
  /** What it wrote to stdout and stderr. */
  readonly output: () => string;
  call<T>(name: string, argument?: unknown): Promise<T>;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, "../../../..");

/** Starts a script of ours, given from the root of the project, with more arguments for Node. */
export function startChild(script: string, options: { args?: string[]; node?: string[] } = {}): Child {
  const child = fork(join(root, script), options.args ?? [], {
    cwd: root,
    execArgv: ["--import", "tsx", ...(options.node ?? [])],
    silent: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output = (output + chunk).slice(-10_000);
    });
  }
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let last = 0;
  const ended = once(child, "close").then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} has ended: ${output}`));
    waiting.clear();
  });
  child.on("message", ({ id, value, error }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value as never);
    else call?.reject(new Error(error));
  });
  return {
    process: child,
    output: () => output,
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        child.send({ id, name, argument }, (error) => error && reject(error));
      }),
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The other side: answers calls until the parent is gone. */
export function answerCalls(handlers: Handlers): void {
  process.on("message", async ({ id, name, argument }: { id: number; name: string; argument: never }) => {
    const reply = (answer: Omit<Answer, "id">) => process.send?.({ id, ...answer });
    try {
      reply({ value: await handlers[name]?.(argument) });
    } catch (error) {
      reply({ error: (error as Error).message });
    }
  });
  process.on("disconnect", () => process.exit(0));
}
