// The place where servers run, as a rollout sees it: whole generations of servers, so that the same rollout works on any
// platform. One with a scheduler of its own (ECS) is told what is wanted; one without (our agent) is told each task.
import { RETIRE_MAX_TASKS } from "../stack/agent-api.ts";
import type { AgentClient } from "../stack/agent-client.ts";
import type { Address } from "../stack/platforms/platform.ts";
import { isAlive, type TaskStatus } from "../stack/task-life.ts";
import { readWords, type ServerWords } from "./server-words.ts";

/** A server of the fleet, running or stopped a while ago. */
export interface FleetTask {
  readonly id: string;
  readonly version: string;
  /** Grows with each deploy. */
  readonly generation: number;
  readonly targetGroupArn: string;
  /** `RUNNING` is one that the load balancer has found healthy. */
  readonly status: TaskStatus;
  readonly address: Address | null;
  readonly stoppedReason: string | null;
}

export interface NewGeneration {
  readonly version: string;
  readonly generation: number;
  readonly count: number;
  readonly targetGroupArn: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Fleet {
  list(): Promise<readonly FleetTask[]>;
  /** Asks for its servers beside those that run; they start after it has resolved, and are known by their generation. */
  startGeneration(wanted: NewGeneration): Promise<void>;
  /**
   * From now on this generation is the fleet: no server of another one starts any more, and those that run are taken out
   * of their target groups in one breath; each ends when it is empty, or at its deadline. Asking again changes nothing.
   */
  keepOnly(generation: number): Promise<void>;
  /** Names the group that serves from now on: replacements and later servers are registered there. */
  serveFrom(targetGroupArn: string): Promise<void>;
  /** What servers say of themselves, by task id; absent for one that does not answer. */
  words(tasks: readonly FleetTask[]): Promise<ReadonlyMap<string, ServerWords>>;
}

/** What a deploy asks an agent for. */
export type DeploysDoor = Pick<AgentClient, "tasks" | "statusz" | "start" | "retire" | "serveFrom">;

/** The fleet of a stack with an agent, which starts and stops processes or containers. */
export const agentFleet = (agent: DeploysDoor): Fleet => ({
  list: () => agent.tasks(),
  startGeneration: async ({ count, ...task }) => {
    for (let number = 0; number < count; number += 1) await agent.start(task);
  },
  keepOnly: async (generation) => {
    const ids = others(await agent.tasks(), generation);
    for (let at = 0; at < ids.length; at += RETIRE_MAX_TASKS) await agent.retire(ids.slice(at, at + RETIRE_MAX_TASKS));
  },
  serveFrom: (targetGroupArn) => agent.serveFrom(targetGroupArn),
  words: async (tasks) => {
    const alive = tasks.filter(({ status }) => isAlive(status));
    const said = await Promise.all(alive.map(async ({ id }) => [id, await wordsOf(agent, id)] as const));
    return new Map(said.flatMap(([id, words]) => (words === undefined ? [] : [[id, words]])));
  },
});

/**
 * Every server of another generation, but those that are leaving: first those that live, so that they go in one request; then the dead ones,
 * which may have successors on their way.
 */
export function others(tasks: readonly FleetTask[], generation: number): string[] {
  const all = tasks.filter((task) => task.generation !== generation && !isLeaving(task));
  const living = all.filter(({ status }) => isAlive(status));
  const dead = all.filter(({ status }) => !isAlive(status));
  return [...living, ...dead].map(({ id }) => id);
}

const isLeaving = ({ status }: FleetTask): boolean => status === "DEACTIVATING" || status === "STOPPING";

/** Undefined while it starts, when it hangs and when it has just ended: the agent's other words tell which. */
const wordsOf = async (agent: DeploysDoor, id: string): Promise<ServerWords | undefined> =>
  readWords(await agent.statusz(id).catch(() => null));
