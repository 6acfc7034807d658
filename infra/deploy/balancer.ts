// The load balancer as a rollout sees it: what its targets are, and how many of 100 handshakes go to which group.
import type { TargetStates } from "./target-story.ts";

export interface GroupWeight {
  readonly targetGroupArn: string;
  /** 0 to 999; a group of weight 0 gets nothing new and keeps its connections. */
  readonly weight: number;
}

export interface Balancer {
  targetStates(targetGroupArns: readonly string[]): Promise<TargetStates>;
  /** The group for the next generation, with the settings of the one that serves; made when it is not there yet. */
  groupBeside(servingArn: string): Promise<string>;
  /** Takes back what a killed deploy has left of a split: new connections go to the group that serves. */
  settle(servingArn: string): Promise<void>;
  /** Whatever forwards to any of these groups forwards to all of them by weight from now on. */
  forward(groups: readonly GroupWeight[]): Promise<void>;
}
