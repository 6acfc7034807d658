// What a deploy is going to do, worked out from what runs. Pure.
import { Refusal } from "../stack/refusal.ts";
import { isWanted } from "../stack/task-life.ts";
import { topology } from "../stack/topology.ts";
import type { FleetTask } from "./fleet.ts";

export const STRATEGIES = ["rolling", "blue-green"] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface Plan {
  readonly strategy: Strategy;
  /** The newest version that runs. */
  readonly from: string;
  readonly to: string;
  readonly generation: number;
  /** How many servers of the new generation there will be: as many as the largest that runs has. */
  readonly count: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Throws a Refusal when there is nothing to replace, or no room for both generations. */
export function planDeploy(
  tasks: readonly FleetTask[],
  wanted: Pick<Plan, "strategy" | "to" | "environment">,
  maxTasks: number = topology.service.servers.max,
): Plan {
  const running = tasks.filter((task) => isWanted(task.status));
  const newest = running.reduce<FleetTask | undefined>(
    (best, task) => (best === undefined || task.generation > best.generation ? task : best),
    undefined,
  );
  if (newest === undefined) throw new Refusal("nothing-runs", "No server runs that could be replaced.");
  const count = largest(running);
  const alive = tasks.filter((task) => task.status !== "STOPPED").length;
  if (alive + count > maxTasks) {
    throw new Refusal(
      "too-many-tasks",
      `For a deploy, ${count} new servers must run beside ${alive}, and ${maxTasks} is the limit: scale in first.`,
    );
  }
  return {
    ...wanted,
    from: newest.version,
    // Stopped ones count as well: a generation that was rolled back is never mistaken for its successor.
    generation: Math.max(...tasks.map((task) => task.generation)) + 1,
    count,
  };
}

/** Two generations run side by side where a deploy was killed; together they are more than anybody wanted. */
function largest(running: readonly FleetTask[]): number {
  const sizes = new Map<number, number>();
  for (const { generation } of running) sizes.set(generation, (sizes.get(generation) ?? 0) + 1);
  return Math.max(...sizes.values());
}

/** Every server of an earlier generation, but those that are leaving: a dead one may have a successor on its way. */
export const outdated = (tasks: readonly FleetTask[], generation: number): string[] =>
  tasks.filter((task) => task.generation < generation && !isLeaving(task)).map((task) => task.id);

const isLeaving = ({ status }: FleetTask): boolean => status === "DEACTIVATING" || status === "STOPPING";
