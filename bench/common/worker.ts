// A helper process (generator, target …), from the measuring process's side.
import { type ChildProcess, fork, type StdioOptions } from "node:child_process";
import { basename, resolve } from "node:path";
import { typescriptArguments } from "../../infra/stack/typescript.ts";
import { Caller } from "./caller.ts";
import type { CallTable } from "./worker-calls.ts";

const root = resolve(import.meta.dirname, "../..");
const END_TIMEOUT_MS = 2_000;

export class Worker<Calls extends CallTable> {
  readonly #child: ChildProcess;
  readonly #caller: Caller<Calls>;

  /** `script` stands in this repository, named from its root. */
  constructor(script: string) {
    const [file, ...flags] = typescriptArguments(root, script).reverse();
    const stdio: StdioOptions = ["ignore", "inherit", "inherit", "ipc"];
    this.#child = fork(file!, { execArgv: flags.reverse(), stdio });
    this.#caller = new Caller(basename(script, ".ts"), this.#child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Rejects when the helper fails, ends, or does not answer in time. */
  ask<C extends keyof Calls & string>(
    call: C,
    argument: Calls[C]["argument"],
    timeoutMs: number,
  ): Promise<Calls[C]["answer"]> {
    return this.#caller.ask(call, argument, timeoutMs);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), END_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  }
}
