// What the agent remembers of a task, and the part of it that others may see.
import type { Address, Task, TaskSpec } from "./platforms/platform.ts";
import type { TaskStatus } from "./task-life.ts";

export interface TaskEntry {
  readonly spec: TaskSpec;
  /** Deaths in a row of the tasks that this one replaces. */
  readonly failures: number;
  /** Aborted when the task is asked to leave or has ended: whoever waits for its health stops waiting. */
  readonly leaving: AbortController;
  /** Aborted when its process has ended. */
  readonly ended: AbortController;
  status: TaskStatus;
  /** When its process began to listen (ISO 8601). */
  startedAt: string | undefined;
  /** Settles when it is healthy, or when it has been given up and nothing of it is left. */
  running: Promise<void>;
  task: Task | undefined;
  runningSinceMs: number | undefined;
  stop: Promise<void> | undefined;
  stoppedReason: string | undefined;
}

export const newTaskEntry = (spec: TaskSpec, failures: number): TaskEntry => ({
  spec,
  failures,
  leaving: new AbortController(),
  ended: new AbortController(),
  status: "PENDING",
  startedAt: undefined,
  running: Promise.resolve(),
  task: undefined,
  runningSinceMs: undefined,
  stop: undefined,
  stoppedReason: undefined,
});

/** A task as others may see it. */
export interface TaskView extends TaskSpec {
  readonly status: TaskStatus;
  /** Null before its process runs, and where tasks are not processes of this machine. */
  readonly pid: number | null;
  readonly address: Address | null;
  /** When its process began to listen (ISO 8601). */
  readonly startedAt: string | null;
  /** Why it stops or has stopped; null while nothing speaks of it. */
  readonly stoppedReason: string | null;
}

export const viewOf = (entry: TaskEntry): TaskView => ({
  ...entry.spec,
  status: entry.status,
  pid: entry.task?.pid ?? null,
  address: entry.task?.address ?? null,
  startedAt: entry.startedAt ?? null,
  stoppedReason: entry.stoppedReason ?? null,
});
