// What a deploy is going to do, worked out from what runs. Pure.
import { Refusal } from "../stack/refusal.ts";
import { isWanted } from "../stack/task-life.ts";
import { topology } from "../stack/topology.ts";
import type { FleetTask } from "./fleet.ts";

export const STRATEGIES = ["rolling", "blue-green"] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface Plan {
  readonly strategy: Strategy;
  /** The version that serves. */
  readonly from: string;
  readonly fromGeneration: number;
  readonly to: string;
  readonly generation: number;
  /** How many servers of the new generation there will be: as many as serve now. */
  readonly count: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What a killed deploy has left runs beside the serving servers: it goes before anything else. */
  readonly isUnfinished: boolean;
}

export interface Wanted extends Pick<Plan, "strategy" | "to" | "environment"> {
  /** The target group that serves. */
  readonly servingArn: string;
}

/** Throws a Refusal when there is nothing to replace, or no room for both generations. */
export function planDeploy(
  tasks: readonly FleetTask[],
  { servingArn, ...wanted }: Wanted,
  maxTasks: number = topology.service.servers.max,
): Plan {
  const running = tasks.filter((task) => isWanted(task.status));
  const serving = servingOf(running, servingArn);
  const [first] = serving;
  if (first === undefined) throw new Refusal("nothing-runs", "No server runs that could be replaced.");
  if (2 * serving.length > maxTasks) {
    throw new Refusal(
      "too-many-tasks",
      `For a deploy, ${serving.length} new servers must run beside as many, and ${maxTasks} is the limit: scale in first.`,
    );
  }
  return {
    ...wanted,
    from: first.version,
    fromGeneration: first.generation,
    // Stopped ones count as well: a generation that was rolled back is never mistaken for its successor.
    generation: Math.max(...tasks.map((task) => task.generation)) + 1,
    count: serving.length,
    isUnfinished: serving.length < running.length,
  };
}

/**
 * Two generations run side by side only where a deploy was killed. In blue/green the group tells which of them serves;
 * in one group it is the older one: nobody has judged the other to its end.
 */
function servingOf(running: readonly FleetTask[], servingArn: string): FleetTask[] {
  const registered = running.filter((task) => task.targetGroupArn === servingArn);
  const oldest = Math.min(...registered.map((task) => task.generation));
  return registered.filter((task) => task.generation === oldest);
}
