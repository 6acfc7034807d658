// Which servers to start and which to take out for a wanted number. Pure.
import type { TaskRequest } from "./agent.ts";
import type { ServerLoad } from "./statusz.ts";
import type { TaskView } from "./task-entry.ts";
import { isWanted } from "./task-life.ts";
import { topology } from "./topology.ts";

export interface ScalePlan {
  readonly start: readonly TaskRequest[];
  /** Ids. */
  readonly stop: readonly string[];
}

/** What servers leave alone (server/drain/balance.ts): a fifth above the mean, or so many players more than it. */
const BALANCED_MAX_RATIO = 1.2;
const BALANCED_SLACK_PLAYERS = 2;

/**
 * New servers are like the newest generation that runs, its variables included. Those go whose leaving players feel
 * least. Servers that are leaving already do not count.
 */
export function planScale(
  tasks: readonly TaskView[],
  wanted: number,
  loads: ReadonlyMap<string, ServerLoad>,
): ScalePlan {
  const staying = tasks.filter((task) => isWanted(task.status));
  const newest = staying.reduce<TaskRequest>(
    (best, task) => (task.generation > best.generation ? task : best),
    staying[0] ?? topology.service,
  );
  const missing = Math.max(0, wanted - staying.length);
  const surplus = Math.max(0, staying.length - wanted);
  return {
    start: Array.from({ length: missing }, () => asRequest(newest)),
    stop: [...staying]
      .reverse() // of equals the youngest goes
      .sort((one, other) => compare(leavingCost(one, loads), leavingCost(other, loads)))
      .slice(0, surplus)
      .map((task) => task.id),
  };
}

/** What counts most comes first: nobody is on a server that is still starting; players of an old generation must move anyhow. */
function leavingCost(task: TaskView, loads: ReadonlyMap<string, ServerLoad>): number[] {
  const running = task.status === "RUNNING" ? 1 : 0;
  // One that does not say how many it has may have many.
  const { players, rooms } = loads.get(task.id) ?? { players: Number.MAX_SAFE_INTEGER, rooms: 0 };
  return [running, task.generation, players, rooms];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((cost, place) => cost !== other[place]);
  return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}

/** Whether no server has far more players than the others. */
export function isBalanced(players: readonly number[]): boolean {
  const mean = players.reduce((sum, count) => sum + count, 0) / Math.max(1, players.length);
  return players.every((count) => count <= Math.max(mean * BALANCED_MAX_RATIO, mean + BALANCED_SLACK_PLAYERS));
}

const asRequest = ({ version, generation, targetGroupArn, environment }: TaskRequest): TaskRequest => ({
  ...{ version, generation, targetGroupArn, environment },
});
