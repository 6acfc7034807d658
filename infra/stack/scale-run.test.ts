// A change of the number of servers on virtual time: the real agent, played processes, load balancer and players.
import { expect, test } from "vitest";
import { Agent } from "./agent.ts";
import { replacementPolicy } from "./replacement.ts";
import { type ScaleResult, scaleTo } from "./scale-run.ts";
import type { ServerLoad } from "./statusz.ts";
import type { TaskView } from "./task-entry.ts";
import { ScriptedWorld } from "./testing/scripted-world.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";
import { topology } from "./topology.ts";

const delays = topology.delays.local;
const limits = {
  healthyTimeoutMs: 20_000,
  deregistrationDelayMs: delays.deregistrationDelaySeconds * 1_000,
  stopTimeoutMs: delays.stopTimeoutSeconds * 1_000,
  replacement: replacementPolicy,
};

async function setUp(servers: number) {
  const clock = new VirtualClock();
  const world = new ScriptedWorld(clock);
  const agent = new Agent({
    ...{ platform: world, elb: world, clock, limits, targetGroupArn: "game", onChange: () => {}, say: () => {} },
    date: () => new Date(clock.nowMs()),
    taskId: (number) => `s${number}`,
  });
  for (let count = 0; count < servers; count += 1) agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  world.events.length = 0;
  const view = (id: string) => agent.tasks().find((task) => task.id === id) as TaskView;
  const client = {
    tasks: async () => agent.tasks(),
    start: async (request: Parameters<Agent["startTask"]>[0]) => view(agent.startTask(request).id),
    retire: async (ids: readonly string[]) => {
      void agent.retire(ids);
      return ids.map(view);
    },
  };
  const players = new Map<string, number>();
  const loadsOf = async (tasks: readonly TaskView[]) =>
    new Map<string, ServerLoad>(tasks.map(({ id }) => [id, { players: players.get(id) ?? 0, rooms: 0 }]));
  const said: string[] = [];
  const scale = async (wanted: number, forMs: number): Promise<ScaleResult | Error | "under way"> => {
    const dependencies = { client, loadsOf, delays, clock, say: (line: string) => said.push(line) };
    let outcome: ScaleResult | Error | "under way" = "under way";
    void scaleTo(wanted, dependencies).then(
      (result) => {
        outcome = result;
      },
      (error: Error) => {
        outcome = error;
      },
    );
    await clock.advance(forMs);
    return outcome;
  };
  return { clock, world, players, said, scale };
}

test("scaling out says when the servers are healthy, and when the players are spread", async () => {
  const { clock, players, said, scale } = await setUp(2);
  players.set("s1", 20).set("s2", 20);
  void clock.sleep(5_000).then(() => players.set("s1", 11).set("s2", 10).set("s3", 10).set("s4", 9));
  expect(await scale(4, 10_000)).toEqual({ servers: 4, started: ["s3", "s4"], stopped: [], seconds: 5.1 });
  expect(said).toEqual([
    "Starting s3, s4 ...",
    "s3, s4 healthy after 0.6 s.",
    "Players are spread after 4.5 s: s1 11, s2 10, s3 10, s4 9.",
  ]);
});

test("players that do not spread in time are no failure", async () => {
  const { players, said, scale } = await setUp(1);
  players.set("s1", 20);
  expect(await scale(2, 70_000)).toMatchObject({ started: ["s2"], seconds: 60.6 });
  expect(said.at(-1)).toBe("Players are not spread after 60 s, and the servers go on with it: s1 20, s2 0.");
});

test("scaling in takes out those with the fewest players in one breath, and waits until they are gone", async () => {
  const { clock, world, players, said, scale } = await setUp(4);
  players.set("s1", 3).set("s2", 12).set("s3", 12).set("s4", 5);
  void clock.sleep(4_000).then(() => world.exit("s4", { code: 0, signal: null }));
  void clock.sleep(6_000).then(() => world.exit("s1", { code: 0, signal: null }));
  expect(await scale(2, 10_000)).toEqual({ servers: 2, started: [], stopped: ["s1", "s4"], seconds: 6 });
  expect(world.events).toEqual(["1000 deregister game 5001 5004", "5000 exit s4", "7000 exit s1"]);
  expect(said).toEqual(["Taking out s1, s4: rooms first, then players (at most 15 s) ...", "s1, s4 gone after 6 s."]);
});

test("one that does not empty itself goes by SIGTERM and SIGKILL, and the command waits for it", async () => {
  const { world, scale } = await setUp(2);
  world.behaviour.endMs = Number.POSITIVE_INFINITY;
  expect(await scale(1, 30_000)).toMatchObject({ stopped: ["s2"], seconds: 25 });
  expect(world.events).toEqual(["1000 deregister game 5002", "16000 SIGTERM s2", "26000 SIGKILL s2", "26000 exit s2"]);
});

test("a server that does not start fails the command with its reason", async () => {
  const { world, said, scale } = await setUp(1);
  world.behaviour.broken = () => true;
  expect(await scale(2, 10_000)).toMatchObject({
    code: "task-failed",
    message: "s2 ended before it listened (exit code 1)",
  });
  expect(said).toEqual(["Starting s2 ..."]);
});

test("as many servers as run already are no change", async () => {
  const { world, said, scale } = await setUp(3);
  expect(await scale(3, 100)).toEqual({ servers: 3, started: [], stopped: [], seconds: 0 });
  expect([...world.events, ...said]).toEqual([]);
});
