// Policy, loop and agent together, on virtual time: only the processes, the load balancer and the metric are played.
import { expect, test } from "vitest";
import { Agent } from "../agent.ts";
import { replacementPolicy } from "../replacement.ts";
import type { ServerLoad } from "../statusz.ts";
import { isWanted } from "../task-life.ts";
import { ScriptedWorld } from "../testing/scripted-world.ts";
import { settle, VirtualClock } from "../testing/virtual-clock.ts";
import { agentServers } from "./agent-servers.ts";
import { Autoscaler } from "./autoscaler.ts";
import type { MetricReader } from "./metric-reader.ts";
import type { Reading } from "./target-tracking.ts";

const policy = {
  ...{ targetValue: 10, minServers: 1, maxServers: 4, periodSeconds: 5, scaleOutPeriods: 3, scaleInPeriods: 6 },
  ...{ scaleOutCooldownSeconds: 15, scaleInCooldownSeconds: 30 },
};
const limits = {
  ...{ healthyTimeoutMs: 20_000, deregistrationDelayMs: 15_000, stopTimeoutMs: 10_000 },
  replacement: replacementPolicy,
};

function setUp() {
  const clock = new VirtualClock();
  const world = new ScriptedWorld(clock);
  const said: string[] = [];
  const note = (line: string) => said.push(`${clock.nowMs() / 1_000} ${line}`);
  const date = () => new Date(clock.nowMs());
  const agent = new Agent({
    ...{ platform: world, elb: world, clock, limits, targetGroupArn: "game", date, onChange: () => {}, say: note },
    taskId: (number) => `s${number}`,
  });
  const now = { players: 0, deploying: false, trouble: undefined as Error | undefined };
  const running = () => agent.tasks().filter((task) => task.status === "RUNNING").length;
  const metric: MetricReader = {
    read: async (at, periodSeconds, count) => {
      if (now.trouble) throw now.trouble;
      const begun = Math.floor(at.getTime() / 1_000 / periodSeconds);
      return Array.from({ length: count }, (_, index) => history.get(begun - count + index));
    },
  };
  const loads = new Map<string, ServerLoad>();
  const servers = agentServers({ agent, loadsOf: async () => loads, say: note });
  const autoscaler = new Autoscaler({
    policy,
    metric,
    servers,
    isDeploying: () => now.deploying,
    clock,
    date,
    say: note,
  });
  const history = new Map<number, Reading>();
  /** Every running server writes one sample at the beginning of each period. */
  const play = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      const period = clock.nowMs() / 5_000;
      if (Number.isInteger(period) && running() > 0) {
        history.set(period, { value: now.players / running(), servers: running() });
      }
      await clock.advance(1_000);
    }
  };
  const ids = () =>
    agent
      .tasks()
      .filter((task) => isWanted(task.status))
      .map((task) => task.id);
  return { clock, world, agent, autoscaler, now, loads, said, play, ids };
}

test("as players come and go, servers come and go", async () => {
  const { agent, now, loads, said, play, ids } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await play(20);
  now.players = 33;
  await play(40);
  expect(ids()).toEqual(["s1", "s2", "s3", "s4"]);
  loads.set("s1", { players: 5, rooms: 1 }).set("s2", { players: 0, rooms: 0 });
  loads.set("s3", { players: 2, rooms: 1 }).set("s4", { players: 4, rooms: 1 });
  now.players = 11;
  await play(90);
  expect(ids()).toEqual(["s1", "s4"]);
  expect(said).toEqual([
    "35 Autoscaling from 1 to 4 servers: players per server, 33 is above 10.",
    "90 Autoscaling from 4 to 2 servers: players per server, 2.8 is below 9.",
  ]);
});

test("while a deploy runs nothing is done, and after it what is due", async () => {
  const { agent, now, said, play } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  Object.assign(now, { players: 25, deploying: true });
  await play(60);
  expect(said).toEqual([]);
  now.deploying = false;
  await play(5);
  expect(said).toEqual(["65 Autoscaling from 1 to 3 servers: players per server, 25 is above 10."]);
});

test("a server that died and is about to be replaced is not replaced twice", async () => {
  const { agent, world, now, said, play, ids } = setUp();
  for (const _ of [1, 2]) agent.startTask({ version: "v1", generation: 1 });
  now.players = 18;
  await play(20);
  for (const id of ["s1", "s2"]) world.exit(id, { code: 1, signal: null });
  await play(60);
  expect(ids()).toEqual(["s3", "s4"]);
  expect(said.filter((line) => line.includes("Autoscaling"))).toEqual([]);
});

test("the last server that lives stays, even when the successor of a dead one would do", async () => {
  const { agent, clock, world, now, said, play, ids } = setUp();
  for (const _ of [1, 2]) agent.startTask({ version: "v1", generation: 1 });
  now.players = 1;
  await play(34);
  await clock.advance(600);
  world.exit("s2", { code: 1, signal: null });
  await clock.advance(500);
  expect(agent.replacing).toBe(1);
  expect(said.at(-1)).toBe("35 Autoscaling from 2 to 1 servers: players per server, 0.5 is below 9.");
  expect(ids()).toEqual(["s1"]);
});

test("a metric that cannot be read is told once, and nothing is done until it can", async () => {
  const { agent, now, said, play } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  now.players = 20;
  now.trouble = new Error("connect ECONNREFUSED");
  await play(30);
  expect(said).toEqual(["5 Autoscaling waits: connect ECONNREFUSED."]);
  now.trouble = undefined;
  await play(5);
  expect(said[1]).toBe("35 Autoscaling from 1 to 2 servers: players per server, 20 is above 10.");
});

test("a server that cannot be started is told, and tried again after the cool-down", async () => {
  const { agent, world, now, said, play } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  now.players = 20;
  await play(5);
  world.behaviour.broken = () => true;
  await play(35);
  expect(said.slice(0, 3)).toEqual([
    "20 Autoscaling from 1 to 2 servers: players per server, 20 is above 10.",
    "20.1 s2 ended before it listened (exit code 1)",
    "35 Autoscaling from 1 to 2 servers: players per server, 20 is above 10.",
  ]);
});

test("after its end nothing is done any more", async () => {
  const { agent, autoscaler, now, said, play } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  now.players = 40;
  await play(12);
  autoscaler.close();
  await settle();
  await play(60);
  expect(said).toEqual([]);
});
