// A helper process (generator or target), from the measuring process's side.
import { type ChildProcess, fork, type StdioOptions } from "node:child_process";
import { resolve } from "node:path";
import { typescriptArguments } from "../../infra/stack/typescript.ts";
import type { Answer, AnswerMessage, Argument, CallName } from "./worker-protocol.ts";

const root = resolve(import.meta.dirname, "../..");
const END_TIMEOUT_MS = 2_000;

export class Worker {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  constructor(name: "generator" | "target") {
    this.#name = name;
    const [script, ...flags] = typescriptArguments(root, `bench/proxy/${name}.ts`).reverse();
    const stdio: StdioOptions = ["ignore", "inherit", "inherit", "ipc"];
    this.#child = fork(script!, { execArgv: flags.reverse(), stdio });
    this.#child.on("message", (message) => this.#onAnswer(message as AnswerMessage));
    this.#child.on("exit", (code, signal) => this.#failAll(`ended (${signal ?? code})`));
    this.#child.on("error", (error) => this.#failAll(error.message));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Rejects when the helper fails, ends, or does not answer in time. */
  ask<C extends CallName>(call: C, argument: Argument<C>, timeoutMs: number): Promise<Answer<C>> {
    const id = this.#nextId++;
    return new Promise<Answer<C>>((resolve, reject) => {
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
      this.#waiting.set(id, { resolve: settle((answer) => resolve(answer as Answer<C>)), reject: settle(reject) });
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
