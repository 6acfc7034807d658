// What the agent needs of a place where tasks run: processes here, containers or Fargate elsewhere.
import type { Exit } from "../child.ts";

/** What is to run. The id is never given twice within a stack. */
export interface TaskSpec {
  readonly id: string;
  readonly version: string;
  readonly generation: number;
  /** Where it is registered. */
  readonly targetGroupArn: string;
  /** Variables of this task only; they win over those that every task gets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Where the load balancer reaches a task. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Task {
  readonly spec: TaskSpec;
  /** Undefined where tasks are not processes of this machine. */
  readonly pid: number | undefined;
  readonly address: Address;
  /** Where its output is kept, for people. */
  readonly log: string;
  readonly exited: Promise<Exit>;
}

export interface Platform {
  /** Resolves when the task listens; rejects, leaving nothing behind, when it ends before or `signal` aborts. */
  startTask(spec: TaskSpec, signal: AbortSignal): Promise<Task>;
  /** Asks the task to end (SIGTERM). Its `exited` tells when it has. */
  stopTask(task: Task): void;
  /** Ends the task at once (SIGKILL). */
  kill(task: Task): void;
}
