// A helper process (generator, target …), from the measuring process's side.
import { type ChildProcess, fork, type StdioOptions } from "node:child_process";
import { basename, resolve } from "node:path";
import { typescriptArguments } from "../../infra/stack/typescript.ts";
import type { AnswerMessage, CallTable } from "./worker-calls.ts";

const root = resolve(import.meta.dirname, "../..");
const END_TIMEOUT_MS = 2_000;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class Worker<Calls extends CallTable> {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  /** `script` stands in this repository, named from its root. */
  constructor(script: string) {
    this.#name = basename(script, ".ts");
    const [file, ...flags] = typescriptArguments(root, script).reverse();
    const stdio: StdioOptions = ["ignore", "inherit", "inherit", "ipc"];
    this.#child = fork(file!, { execArgv: flags.reverse(), stdio });
    this.#child.on("message", (message) => this.#onAnswer(message as AnswerMessage));
    this.#child.on("exit", (code, signal) => this.#failAll(`ended (${signal ?? code})`));
    this.#child.on("error", (error) => this.#failAll(error.message));
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
    const id = this.#nextId++;
    return new Promise<Calls[C]["answer"]>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`the ${this.#name} did not answer "${call}" in ${timeoutMs} ms`));
      }, timeoutMs);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          then(value);
        };
      this.#waiting.set(id, { resolve: settle((answer) => resolve(answer)), reject: settle(reject) });
      this.#child.send({ id, call, argument }, (error) => error && this.#failAll(error.message));
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), END_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  }

  #onAnswer({ id, answer, error }: AnswerMessage): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`the ${this.#name} failed: ${error}`));
  }

  #failAll(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`the ${this.#name} failed: ${why}`));
    this.#waiting.clear();
  }
}
