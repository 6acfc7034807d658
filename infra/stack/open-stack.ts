// The way from a command to the stack that runs, whatever runs it: processes of `npm start`, or containers of
// `docker compose up`. Everything that a command wants to know, the agent's door tells.
import { join } from "node:path";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Option } from "commander";
import type { StackView } from "./agent-api.ts";
import { type AgentClient, agentClient } from "./agent-client.ts";
import { localElbClient } from "./elb.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { describeHome, type Home, makeHome } from "./home.ts";
import { topology } from "./topology.ts";

const STACK_PLATFORMS = ["process", "compose"] as const;
export type StackPlatform = (typeof STACK_PLATFORMS)[number];

/** Flags of every command that works on a running stack. */
export interface StackOptions {
  readonly platform: StackPlatform;
  readonly json?: boolean;
}

export const platformOption = (): Option =>
  new Option("--platform <name>", "what runs the stack: `npm start`, or `docker compose up`")
    .choices(STACK_PLATFORMS)
    .default("process");

export interface WayToStack {
  readonly platform: StackPlatform;
  /** What commands write: logs, the lock of a deploy. The containers' is a folder in the other's. */
  readonly home: Home;
  readonly agent: AgentClient;
}

export interface OpenStack extends WayToStack, StackView {
  readonly elb: ElasticLoadBalancingV2Client;
}

/** Where it would be; nobody is asked yet. */
export function wayToStack(platform: StackPlatform, environment: Environment = readEnvironment()): WayToStack {
  if (platform === "process") {
    const home = describeHome(environment.home);
    return { platform, home, agent: agentClient(home) };
  }
  const door = new URL(`http://${topology.local.host}:${environment.agentPort}`);
  return { platform, home: describeHome(join(environment.home, platform)), agent: agentClient(door) };
}

/** Rejects with the sentence that says how to start one when none runs. */
export async function openStack(platform: StackPlatform, environment?: Environment): Promise<OpenStack> {
  const way = wayToStack(platform, environment);
  const view = await way.agent.stack();
  if (platform === "compose") makeHome(way.home.path);
  return { ...way, ...view, elb: localElbClient(view.control) };
}
