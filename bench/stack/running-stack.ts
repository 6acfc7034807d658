// The real stack for a measurement: `npm start` with one server, free ports and a home of its own, and a second server that the same
// agent starts. The two are of different generations, as in the midst of a deploy: then nobody evens out rooms and players between them.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { agentClient, waitForTasks } from "../../infra/stack/agent-client.ts";
import { buildServer } from "../../infra/stack/bundle.ts";
import { systemClock } from "../../infra/stack/clock.ts";
import { localElbClient } from "../../infra/stack/elb.ts";
import { describeHome, type Home } from "../../infra/stack/home.ts";
import { freePort } from "../../infra/stack/ports.ts";
import { Refusal } from "../../infra/stack/refusal.ts";
import { readStackFile } from "../../infra/stack/stack-file.ts";
import { topology } from "../../infra/stack/topology.ts";
import { typescriptArguments } from "../../infra/stack/typescript.ts";
import { benchHome } from "../common/notes.ts";
import { type Program, startProgram, waitFor } from "../common/program.ts";
import { type BalancerParts, balancerParts, createGroup, forwardFrom } from "./listeners.ts";

/** The client may have to be built. */
const START_TIMEOUT_MS = 180_000;
const END_TIMEOUT_MS = 30_000;
const SECOND_TIMEOUT_MS = 30_000;
const IS_UP = "Tidegate is up";

export interface ServerProcess {
  readonly id: string;
  readonly pid: number;
  readonly port: number;
}

/** Ports of the load balancer that lead to one server only. */
export interface Entrances {
  readonly plain: number;
  readonly tls: number;
}

export interface RunningStack {
  /** The page that players are said to come from. */
  readonly origin: string;
  readonly albPid: number;
  /** Undefined for a Redis that is not ours. */
  readonly redisPid: number | undefined;
  /** In the order in which they were started. */
  readonly servers: readonly ServerProcess[];
  /** A way through the load balancer to each server. */
  readonly entrances: readonly Entrances[];
}

export interface StackWanted {
  readonly root: string;
  readonly servers: 1 | 2;
  /** Called as soon as there is a process, so that it can be ended whatever comes. */
  readonly onStart: (program: Program) => void;
  readonly signal: AbortSignal;
}

/** Rejects with a Refusal, and the stack's own words, when it does not come up. */
export async function startStack({ root, servers, onStart, signal }: StackWanted): Promise<RunningStack> {
  const home = describeHome(join(benchHome(root), "stack"));
  const ports = { https: await freePort(), http: await freePort(), control: await freePort() };
  const program = startProcess(root, home, ports);
  onStart(program);
  await waitFor(
    program,
    () => readFileSync(program.logFile, "utf8").includes(IS_UP) || undefined,
    START_TIMEOUT_MS,
  ).catch((error) => {
    throw new Refusal("bench-stack", `Cannot start the stack: ${error.message}.`, { cause: error });
  });
  signal.throwIfAborted();
  const elb = localElbClient(`http://127.0.0.1:${ports.control}`);
  try {
    const { listenerArn, targetGroupArn } = readStackFile(home);
    const parts = await balancerParts(elb, listenerArn);
    const entrances = [await enter(elb, parts, targetGroupArn)];
    if (servers === 2) {
      const group = await createGroup(elb, "bench-second");
      entrances.push(await enter(elb, parts, group)); // a group that no listener names is not checked
      await startSecond(root, home, group, signal);
    }
    const state = readStackFile(home);
    const byAge = state.servers.toSorted((a, b) => a.generation - b.generation);
    return {
      origin: state.alb.https,
      albPid: state.alb.pid,
      redisPid: state.redis.pid ?? undefined,
      servers: byAge.map(({ id, pid, port }) => ({ id, pid, port })),
      entrances,
    };
  } finally {
    elb.destroy();
  }
}

function startProcess(root: string, home: Home, ports: { https: number; http: number; control: number }): Program {
  mkdirSync(home.path, { recursive: true });
  const logFile = join(home.path, "start.log");
  rmSync(logFile, { force: true });
  const follow = pathToFileURL(join(root, "infra", "follow-parent.mjs")).href; // it ends when we do, whatever ends us
  const args = ["--import", follow, ...typescriptArguments(root, "infra/stack/start.ts"), "--servers", "1"];
  const env = {
    ...process.env,
    TIDEGATE_HOME: home.path,
    HTTPS_PORT: String(ports.https),
    HTTP_PORT: String(ports.http),
    CONTROL_PORT: String(ports.control),
    BOTS_FILL_TO: "0", // a bot that leaves for a player is work that is nobody's
  };
  return startProgram(process.execPath, args, logFile, { env, endTimeoutMs: END_TIMEOUT_MS });
}

async function startSecond(root: string, home: Home, targetGroupArn: string, signal: AbortSignal): Promise<void> {
  const { generation, version } = topology.service;
  const release = { version, generation: generation + 1 };
  await buildServer({ root, home, release, running: [{ version, generation }], signal });
  const agent = agentClient(home);
  const { id } = await agent.start({ ...release, targetGroupArn });
  await waitForTasks(
    agent,
    (tasks) => tasks.find((task) => task.id === id)?.status === "RUNNING",
    "Starting the second server",
    SECOND_TIMEOUT_MS,
    systemClock,
  );
}

async function enter(elb: ElasticLoadBalancingV2Client, parts: BalancerParts, group: string): Promise<Entrances> {
  const ports = { plain: await freePort(), tls: await freePort() };
  await forwardFrom(elb, parts, group, ports);
  return ports;
}
