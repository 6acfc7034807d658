// Asks a process that listens on Node's IPC channel, and waits for its answers.
import type { ChildProcess } from "node:child_process";
import type { AnswerMessage, CallTable } from "./worker-calls.ts";

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class Caller<Calls extends CallTable> {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  /** `name` is for sentences. */
  constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    child.on("message", (message) => this.#onAnswer(message as AnswerMessage));
    child.on("exit", (code, signal) => this.#failAll(`ended (${signal ?? code})`));
    child.on("error", (error) => this.#failAll(error.message));
  }

  /** Rejects when the process fails, ends, or does not answer in time. */
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
