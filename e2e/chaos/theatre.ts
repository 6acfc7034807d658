// Gives scenarios the stack that they ask for: the one that runs if it is the same and was not spoilt, else a new one.

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { type RunningStack, startStack } from "../fixtures/stack.ts";
import { Stage } from "./stage.ts";

const SERVERS = 3;
const KEPT_PREFIX = "logs.of-";
/** Runs that missed a limit, whose logs are kept. */
const LOGS_KEPT = 8;

export class Theatre {
  readonly signal: AbortSignal;
  readonly #say: (line: string) => void;
  /** The TIDEGATE_HOME of its stacks. */
  readonly home = join(import.meta.dirname, "..", "..", ".tidegate", "chaos");
  #running: { stack: RunningStack; key: string } | undefined;

  constructor(signal: AbortSignal, say: (line: string) => void) {
    this.signal = signal;
    this.#say = say;
  }

  say(line: string): void {
    this.#say(line);
  }

  /** Three servers, ready, without players. */
  async stage(environment: Readonly<Record<string, string>> = {}): Promise<Stage> {
    const key = JSON.stringify(environment);
    if (this.#running?.key !== key) await this.close();
    this.signal.throwIfAborted();
    if (!this.#running) {
      this.#say("starting a stack of its own");
      this.#running = { stack: await startStack(basename(this.home), environment, this.signal), key };
    }
    const stage = new Stage(this.#running.stack, this.signal, this.#say);
    await stage.ready(SERVERS);
    await stage.empty();
    return stage;
  }

  /** Ends the stack and keeps its logs under this name; says where. */
  async spoil(name: string): Promise<string | undefined> {
    await this.close();
    const logs = join(this.home, "logs");
    if (!existsSync(logs)) return undefined;
    const kept = join(this.home, `${KEPT_PREFIX}${Date.now()}.${name}`);
    renameSync(logs, kept);
    const all = readdirSync(this.home).filter((entry) => entry.startsWith(KEPT_PREFIX));
    for (const old of all.toSorted().slice(0, -LOGS_KEPT)) rmSync(join(this.home, old), { recursive: true });
    return kept;
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stack.close();
  }
}
