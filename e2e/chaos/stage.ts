// A running stack as a scenario sees it: what it is made of at this moment, and the real commands.

import { agentClient } from "../../infra/stack/agent-client.ts";
import { describeHome } from "../../infra/stack/home.ts";
import { type CommandResult, type RunningCommand, startCommand } from "../fixtures/commands.ts";
import type { RunningStack } from "../fixtures/stack.ts";
import { until } from "./patience.ts";

const READY_LIMIT_MS = 90_000;
const STATUS_TIMEOUT_MS = 2_000;

/** What a server says of itself, as far as scenarios look at it. */
export interface ServerStatus {
  readonly id: string;
  readonly version: string;
  readonly state: string;
  /** Players whose socket is on it. */
  readonly players: number;
  readonly rooms: readonly { readonly code: string; readonly epoch: number; readonly tick: number }[];
}

export class Stage {
  readonly stack: RunningStack;
  readonly signal: AbortSignal;
  readonly #say: (line: string) => void;

  constructor(stack: RunningStack, signal: AbortSignal, say: (line: string) => void) {
    this.stack = stack;
    this.signal = signal;
    this.#say = say;
  }

  say(line: string): void {
    this.#say(line);
  }

  /** The way to the agent, for what no command does. */
  get agent() {
    return agentClient(describeHome(this.stack.home));
  }

  start(script: string, ...args: string[]): RunningCommand {
    this.say(`npm run ${script} -- ${args.join(" ")}`);
    return startCommand(this.stack.home, script, args, this.signal);
  }

  /** Rejects when the command does not achieve what it is for. */
  async run(script: string, ...args: string[]): Promise<CommandResult> {
    const result = await this.start(script, ...args).ended;
    if (result.code !== 0) throw new Error(`npm run ${script} ended with ${result.code}: ${result.said.trim()}`);
    return result;
  }

  /** Of every server that answers. */
  async status(): Promise<ServerStatus[]> {
    const servers = this.stack.state().servers.map(async ({ port }) => {
      const options = { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) };
      const answer = await fetch(`http://127.0.0.1:${port}/statusz`, options).catch(() => undefined);
      return answer?.ok ? [(await answer.json()) as ServerStatus] : []; // it is being started, or was killed
    });
    return (await Promise.all(servers)).flat();
  }

  /** Resolves when nobody plays any more. */
  async empty(): Promise<void> {
    await until("the last players are gone", READY_LIMIT_MS, this.signal, async () =>
      (await this.status()).every(({ players }) => players === 0),
    );
  }

  /** Resolves when exactly so many servers run and are ready, and nothing else is coming or going. */
  async ready(servers: number): Promise<void> {
    await until(`${servers} servers are ready`, READY_LIMIT_MS, this.signal, async () => {
      const alive = (await this.agent.tasks()).filter(({ status }) => status !== "STOPPED");
      return alive.length === servers && alive.every(({ status }) => status === "RUNNING");
    });
  }
}
