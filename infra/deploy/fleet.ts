// The place where servers run, as a rollout sees it: three verbs, so that the same rollout works on any platform.
import type { AgentClient } from "../stack/agent-client.ts";
import type { Address } from "../stack/platforms/platform.ts";
import type { TaskStatus } from "../stack/task-life.ts";

/** A server of the fleet, running or stopped a while ago. */
export interface FleetTask {
  readonly id: string;
  readonly version: string;
  /** Grows with each deploy. */
  readonly generation: number;
  readonly targetGroupArn: string;
  readonly status: TaskStatus;
  readonly address: Address | null;
  readonly stoppedReason: string | null;
}

export interface NewTask {
  readonly version: string;
  readonly generation: number;
  readonly targetGroupArn: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Fleet {
  list(): Promise<readonly FleetTask[]>;
  /** Asks for one more server; resolves to its id while it is still starting. */
  start(task: NewTask): Promise<string>;
  /** Takes servers out of their target groups in one breath; each ends when it is empty, or at its deadline. */
  retire(ids: readonly string[]): Promise<void>;
  /** Names the group that serves from now on: replacements and later servers are registered there. */
  serveFrom(targetGroupArn: string): Promise<void>;
}

/** The fleet of `npm start`: its agent starts and stops processes. */
export const agentFleet = (agent: AgentClient): Fleet => ({
  list: () => agent.tasks(),
  start: async (task) => (await agent.start(task)).id,
  retire: async (ids) => void (await agent.retire(ids)),
  serveFrom: (targetGroupArn) => agent.serveFrom(targetGroupArn),
});
