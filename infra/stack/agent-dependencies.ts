// What the agent is given: where tasks run, who sends them players, time, and how long it waits for what.
import type { Clock } from "./clock.ts";
import type { ElbPort } from "./elb.ts";
import type { Platform } from "./platforms/platform.ts";
import type { ReplacementPolicy } from "./replacement.ts";

export interface AgentLimits {
  readonly healthyTimeoutMs: number;
  readonly deregistrationDelayMs: number;
  readonly stopTimeoutMs: number;
  readonly replacement: ReplacementPolicy;
}

export interface AgentDependencies {
  readonly platform: Platform;
  readonly elb: ElbPort;
  readonly clock: Clock;
  readonly limits: AgentLimits;
  /** The group in which tasks are registered until `serveFrom` names another one. */
  readonly targetGroupArn: string;
  /** What the clock on the wall shows, for people to read. */
  readonly date: () => Date;
  /** The id of the n-th task; different for every n, and for every stack that shares a Redis with this one. */
  readonly taskId: (number: number) => string;
  /** After every change of `tasks()`. */
  readonly onChange: () => void;
  readonly say: (line: string) => void;
}
