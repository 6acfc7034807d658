// The life of a task, in ECS's words. Pure: the agent does the work, this says what may follow what.
//
//   PENDING ─► ACTIVATING ─► RUNNING ─► DEACTIVATING ─► STOPPING ─► STOPPED
//      └───────────┴────────────┴────── (its process ends) ──────────►┘

export type TaskStatus =
  /** Its process is starting and does not listen yet. */
  | "PENDING"
  /** It listens and is registered; the load balancer has not found it healthy yet. */
  | "ACTIVATING"
  /** The load balancer has found it healthy. */
  | "RUNNING"
  /** It is deregistered; its connections live until the deregistration delay is over. */
  | "DEACTIVATING"
  /** It has been told to end (SIGTERM). */
  | "STOPPING"
  /** Its process has ended. */
  | "STOPPED";

const FOLLOWERS: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  PENDING: ["ACTIVATING", "STOPPING", "STOPPED"],
  ACTIVATING: ["RUNNING", "DEACTIVATING", "STOPPING", "STOPPED"],
  RUNNING: ["DEACTIVATING", "STOPPING", "STOPPED"],
  DEACTIVATING: ["STOPPING", "STOPPED"],
  STOPPING: ["STOPPED"],
  STOPPED: [],
};

/** The status after `from`, checked: a step that the drawing above does not show is a broken invariant. */
export function advanceTask(from: TaskStatus, to: TaskStatus): TaskStatus {
  if (!FOLLOWERS[from].includes(to)) throw new Error(`a task cannot go from ${from} to ${to}`);
  return to;
}

/** Whether the process may still be there. */
export const isAlive = (status: TaskStatus): boolean => status !== "STOPPED";

/** Whether nobody has asked the task to leave. */
export const isWanted = (status: TaskStatus): boolean =>
  status === "PENDING" || status === "ACTIVATING" || status === "RUNNING";
