// Which servers to start and which to stop for a wanted number. Pure.
import type { TaskRequest } from "./agent.ts";
import type { TaskView } from "./task-entry.ts";
import { isWanted } from "./task-life.ts";
import { topology } from "./topology.ts";

export interface ScalePlan {
  readonly start: readonly TaskRequest[];
  /** Ids, the youngest first: what has been there longest has the most players. */
  readonly stop: readonly string[];
}

/** New servers are like the newest generation that runs, its variables included. Servers that are leaving already do not count. */
export function planScale(tasks: readonly TaskView[], wanted: number): ScalePlan {
  const staying = tasks.filter((task) => isWanted(task.status));
  const newest = staying.reduce<TaskRequest>(
    (best, task) => (task.generation > best.generation ? task : best),
    staying[0] ?? topology.service,
  );
  const missing = Math.max(0, wanted - staying.length);
  return {
    start: Array.from({ length: missing }, () => asRequest(newest)),
    stop: staying
      .slice(wanted)
      .map((task) => task.id)
      .reverse(),
  };
}

const asRequest = ({ version, generation, targetGroupArn, environment }: TaskRequest): TaskRequest => ({
  ...{ version, generation, targetGroupArn, environment },
});
