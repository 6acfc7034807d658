import { expect, test } from "vitest";
import { Agent } from "./agent.ts";
import type { Task, TaskSpec } from "./platforms/platform.ts";
import { ScriptedWorld } from "./testing/scripted-world.ts";
import { settle, VirtualClock } from "./testing/virtual-clock.ts";

const replacement = { firstDelayMs: 1_000, maxDelayMs: 8_000, maxFailures: 4, stableAfterMs: 60_000 };
const limits = { healthyTimeoutMs: 20_000, deregistrationDelayMs: 15_000, stopTimeoutMs: 10_000, replacement };

function setUp() {
  const clock = new VirtualClock();
  const world = new ScriptedWorld(clock);
  const said: string[] = [];
  const agent = new Agent({
    platform: world,
    elb: world,
    clock,
    limits,
    targetGroupArn: "game",
    date: () => new Date(clock.nowMs()),
    taskId: (number) => `s${number}`,
    onChange: () => {},
    say: (line) => said.push(line),
  });
  const statuses = () => agent.tasks().map((task) => `${task.id} ${task.status}`);
  return { agent, clock, world, said, statuses };
}

test("a task is started, registered, and running once the load balancer finds it healthy", async () => {
  const { agent, clock, world, statuses } = setUp();
  const { id, running } = agent.startTask({ version: "v1", generation: 1 });
  expect(statuses()).toEqual(["s1 PENDING"]);
  await clock.advance(100);
  expect(statuses()).toEqual(["s1 ACTIVATING"]);
  await clock.advance(500);
  await running;
  expect(id).toBe("s1");
  expect(statuses()).toEqual(["s1 RUNNING"]);
  expect(world.events).toEqual(["0 start s1", "100 register game 5001"]);
});

test("a stop deregisters, waits out the whole deregistration delay, and only then sends SIGTERM", async () => {
  const { agent, clock, world, statuses } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  const stopped = agent.retire(["s1"]);
  await clock.advance(14_900);
  expect(statuses()).toEqual(["s1 DEACTIVATING"]);
  await clock.advance(500);
  await stopped;
  expect(statuses()).toEqual(["s1 STOPPED"]);
  expect(world.events.slice(2)).toEqual(["1000 deregister game 5001", "16000 SIGTERM s1", "16200 exit s1"]);
});

test("a task that does not listen to SIGTERM gets SIGKILL after the stop timeout", async () => {
  const { agent, clock, world } = setUp();
  world.behaviour.endMs = Number.POSITIVE_INFINITY;
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  const stopped = agent.retire(["s1"]);
  await clock.advance(26_000);
  await stopped;
  expect(world.events.slice(3)).toEqual(["16000 SIGTERM s1", "26000 SIGKILL s1", "26000 exit s1"]);
});

test("a task that has emptied itself and exits while draining is gone at once, and is not replaced", async () => {
  const { agent, clock, world, statuses } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  const stopped = agent.retire(["s1"]);
  await clock.advance(3_000);
  world.exit("s1", { code: 0, signal: null });
  await settle();
  await stopped;
  await clock.advance(60_000);
  expect(statuses()).toEqual(["s1 STOPPED"]);
});

test("asking twice to stop is asking once", async () => {
  const { agent, clock, world } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  const stops = [agent.retire(["s1"]), agent.retire(["s1"])];
  await clock.advance(20_000);
  await Promise.all(stops);
  expect(world.events.filter((event) => event.includes("deregister"))).toHaveLength(1);
});

test("a task that is stopped while it starts ends without ever being registered", async () => {
  const { agent, clock, world, statuses } = setUp();
  const { running } = agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(50);
  const stopped = agent.retire(["s1"]);
  await expect(running).rejects.toThrow("no longer wanted");
  await stopped;
  expect(statuses()).toEqual(["s1 STOPPED"]);
  expect(world.events).toEqual(["0 start s1"]);
});

test("a task that is stopped before it is healthy is drained like any other", async () => {
  const { agent, clock, world, statuses } = setUp();
  const { running } = agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(200);
  const stopped = agent.retire(["s1"]);
  await expect(running).rejects.toThrow("stopped on request");
  await clock.advance(20_000);
  await stopped;
  expect(statuses()).toEqual(["s1 STOPPED"]);
  expect(world.events.slice(2)).toEqual(["200 deregister game 5001", "15200 SIGTERM s1", "15400 exit s1"]);
});

test("a task that never becomes healthy is given up with a reason, and neither process nor target stays", async () => {
  const { agent, clock, world } = setUp();
  world.behaviour.healthyAfterMs = Number.POSITIVE_INFINITY;
  const { running } = agent.startTask({ version: "v1", generation: 1 });
  const refused = expect(running).rejects.toThrow("s1 is initial after 20 s; its log is s1.log.");
  await clock.advance(30_000);
  await refused;
  expect(world.events.slice(2)).toEqual(["20100 deregister game 5001", "20100 SIGTERM s1", "20300 exit s1"]);
  expect(agent.tasks()[0]?.stoppedReason).toContain("s1 is initial");
});

test("a running task that dies is deregistered and replaced under a new id after the first delay", async () => {
  const { agent, clock, world, said, statuses } = setUp();
  agent.startTask({ version: "v7", generation: 3 });
  await clock.advance(2_000);
  world.exit("s1", { code: 1, signal: null });
  await clock.advance(1_700);
  expect(statuses()).toEqual(["s1 STOPPED", "s2 RUNNING"]);
  expect(world.events.slice(2)).toEqual([
    "2000 exit s1",
    "2000 deregister game 5001",
    "3000 start s2",
    "3100 register game 5002",
  ]);
  expect(agent.tasks()[1]).toMatchObject({ version: "v7", generation: 3 });
  expect(said).toEqual(["s1 died (exit code 1); its log is s1.log.", "s2 replaces s1."]);
});

test("replacements that die as well come ever more slowly, until the limit", async () => {
  const { agent, clock, world, said } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  world.behaviour.broken = () => true;
  world.exit("s1", { code: null, signal: "SIGSEGV" });
  await clock.advance(60_000);
  const starts = world.events.filter((event) => event.includes("start "));
  expect(starts).toEqual(["0 start s1", "2000 start s2", "4100 start s3", "8200 start s4"]);
  expect(said.at(-1)).toBe("s1 is not replaced: 4 deaths in a row.");
});

test("a task that has run for long is replaced fast again", async () => {
  const { agent, clock, world } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  world.exit("s1", { code: 1, signal: null });
  await clock.advance(2_000);
  world.exit("s2", { code: 1, signal: null });
  await clock.advance(70_000);
  world.exit("s3", { code: 1, signal: null });
  await clock.advance(1_000);
  const starts = world.events.filter((event) => event.includes("start "));
  expect(starts).toEqual(["0 start s1", "2000 start s2", "5000 start s3", "74000 start s4"]);
});

test("a killed task is replaced like one that died", async () => {
  const { agent, clock, statuses } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  agent.killTask("s1");
  await clock.advance(2_000);
  expect(statuses()).toEqual(["s1 STOPPED", "s2 RUNNING"]);
});

test("a first task that cannot start is not tried again: who asked for it decides", async () => {
  const { agent, clock, world } = setUp();
  world.behaviour.broken = () => true;
  const { running } = agent.startTask({ version: "v1", generation: 1 });
  const refused = expect(running).rejects.toThrow("exit code 1");
  await clock.advance(60_000);
  await refused;
  expect(world.events).toEqual(["0 start s1"]);
});

test("closing ends starting, running and draining tasks together, without draining, and replaces none", async () => {
  const { agent, clock, world, said, statuses } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  void agent.retire(["s2"]);
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(50);
  const closed = agent.close();
  await clock.advance(5_000);
  await closed;
  expect(statuses()).toEqual(["s1 STOPPED", "s2 STOPPED", "s3 STOPPED"]);
  expect(world.events.filter((event) => event.includes("SIGTERM"))).toEqual(["1050 SIGTERM s1", "1050 SIGTERM s2"]);
  expect(said).toEqual([]);
  expect(() => agent.startTask({ version: "v1", generation: 1 })).toThrow("The stack is ending.");
});

test("an unknown task is refused by name", () => {
  const { agent } = setUp();
  expect(() => agent.retire(["s9"])).toThrow("No task s9 runs here.");
});

test("a stop of a task that is being given up waits for its end, and is no fault", async () => {
  const { agent, clock, world, statuses } = setUp();
  world.behaviour.healthyAfterMs = Number.POSITIVE_INFINITY;
  world.behaviour.endMs = Number.POSITIVE_INFINITY;
  const { running } = agent.startTask({ version: "v1", generation: 1 });
  running.catch(() => {});
  await clock.advance(21_000);
  expect(statuses()).toEqual(["s1 STOPPING"]);
  const stopped = agent.retire(["s1"]);
  await clock.advance(4_000);
  await stopped;
  expect(statuses()).toEqual(["s1 STOPPED"]);
});

test("several tasks retire in one breath: one deregistration for each target group, before any of them is told to end", async () => {
  const { agent, clock, world, statuses } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  agent.startTask({ version: "v1", generation: 1 });
  agent.startTask({ version: "v2", generation: 2, targetGroupArn: "green" });
  await clock.advance(1_000);
  const retired = agent.retire(["s1", "s2", "s3", "s1"]);
  expect(statuses()).toEqual(["s1 DEACTIVATING", "s2 DEACTIVATING", "s3 DEACTIVATING"]);
  await clock.advance(4_000);
  world.exit("s2", { code: 0, signal: null });
  await clock.advance(20_000);
  await retired;
  expect(world.events.filter((event) => /start|register game|register green/.test(event)).slice(6)).toEqual([
    "1000 deregister game 5001 5002",
    "1000 deregister green 5003",
  ]);
  expect(world.events.slice(-5)).toEqual([
    "5000 exit s2",
    "16000 SIGTERM s1",
    "16000 SIGTERM s3",
    "16200 exit s1",
    "16200 exit s3",
  ]);
});

test("a retirement that names an unknown task does nothing at all", async () => {
  const { agent, clock, world, statuses } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  expect(() => agent.retire(["s1", "s9"])).toThrow("No task s9 runs here.");
  await clock.advance(20_000);
  expect(statuses()).toEqual(["s1 RUNNING"]);
  expect(world.events.some((event) => event.includes("deregister"))).toBe(false);
});

test("a retirement passes over a task that has died, and its successor does not come any more", async () => {
  const { agent, clock, world, statuses } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  world.exit("s1", { code: 1, signal: null });
  await settle();
  const retired = agent.retire(["s1", "s2"]);
  await clock.advance(60_000);
  await retired;
  expect(statuses()).toEqual(["s1 STOPPED", "s2 STOPPED"]);
});

test("a second retirement leaves those alone that are leaving, and waits for them", async () => {
  const { agent, clock, world } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  void agent.retire(["s1"]);
  await clock.advance(1_000);
  let done = false;
  void agent.retire(["s1", "s2"]).then(() => {
    done = true;
  });
  await clock.advance(15_500);
  expect(done).toBe(true);
  expect(world.events.filter((event) => event.includes("deregister"))).toEqual([
    "1000 deregister game 5001",
    "2000 deregister game 5002",
  ]);
});

test("a task that dies while it is being registered does not stay a target", async () => {
  const { agent, clock, world } = setUp();
  world.behaviour.registerMs = 300;
  const { running } = agent.startTask({ version: "v1", generation: 1 });
  const refused = expect(running).rejects.toThrow("s1 ended before it was healthy (exit code 7); its log is s1.log.");
  await clock.advance(200);
  world.exit("s1", { code: 7, signal: null });
  await clock.advance(1_000);
  await refused;
  expect(world.events.slice(1)).toEqual([
    "200 exit s1",
    "200 deregister game 5001",
    "400 register game 5001",
    "400 deregister game 5001",
  ]);
});

test("a task that is retired while it is being registered does not stay a target either", async () => {
  const { agent, clock, world, statuses } = setUp();
  world.behaviour.registerMs = 300;
  const { running } = agent.startTask({ version: "v1", generation: 1 });
  running.catch(() => {}); // it is stopped, and that is what is asked for
  await clock.advance(200);
  void agent.retire(["s1"]);
  await clock.advance(20_000);
  expect(statuses()).toEqual(["s1 STOPPED"]);
  expect(await world.targetState("game", { host: "127.0.0.1", port: 5001 })).toBe("unused");
});

test("a task keeps its target group and its variables through its replacements", async () => {
  const { agent, clock, world } = setUp();
  const environment = { REHEARSE_STALL_MS: "200" };
  agent.startTask({ version: "v2", generation: 2, targetGroupArn: "green", environment });
  await clock.advance(1_000);
  world.exit("s1", { code: 1, signal: null });
  await clock.advance(2_000);
  expect(agent.tasks()[1]).toMatchObject({ id: "s2", status: "RUNNING", targetGroupArn: "green", environment });
  expect(agent.tasks().map((task) => task.startedAt)).toEqual(["1970-01-01T00:00:00.100Z", "1970-01-01T00:00:02.100Z"]);
});

test("after another target group has become the serving one, new tasks are registered there", async () => {
  const { agent, clock } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  agent.serveFrom("green");
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  expect(agent.tasks().map((task) => task.targetGroupArn)).toEqual(["game", "green"]);
});

test("a task that is stopped alone is not replaced twice, however often it is asked for", async () => {
  const { agent, clock, world, said, statuses } = setUp();
  agent.startTask({ version: "v7", generation: 3, targetGroupArn: "green" });
  await clock.advance(1_000);
  const stops = [agent.stopTask("s1"), agent.stopTask("s1")];
  await clock.advance(30_000);
  await Promise.all(stops);
  expect(statuses()).toEqual(["s1 STOPPED", "s2 RUNNING"]);
  expect(agent.tasks()[1]).toMatchObject({ version: "v7", generation: 3, targetGroupArn: "green" });
  expect(world.events.filter((event) => event.includes("SIGTERM"))).toEqual(["1000 SIGTERM s1"]);
  expect(said).toEqual(["s2 replaces s1."]);
});

test("a successor of a stopped task that cannot start is tried again, ever more slowly", async () => {
  const { agent, clock, world, said } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  world.behaviour.broken = () => true;
  void agent.stopTask("s1");
  await clock.advance(60_000);
  const starts = world.events.filter((event) => event.includes("start "));
  expect(starts).toEqual(["0 start s1", "1000 start s2", "2100 start s3", "4200 start s4", "8300 start s5"]);
  expect(said.at(-1)).toBe("s1 is not replaced: 4 deaths in a row.");
});

test("a successor that is on its way does not come when the stopped task is retired after all", async () => {
  const { agent, clock, world, statuses } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  world.behaviour.broken = () => true;
  void agent.stopTask("s1");
  await clock.advance(500);
  void agent.retire(["s1"]);
  await clock.advance(60_000);
  expect(statuses()).toEqual(["s1 STOPPED", "s2 STOPPED"]);
});

test("a task that is leaving in order goes on with it when it is stopped as well", async () => {
  const { agent, clock, world } = setUp();
  agent.startTask({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  void agent.retire(["s1"]);
  const stopped = agent.stopTask("s1");
  await clock.advance(20_000);
  await stopped;
  expect(world.events.slice(2)).toEqual(["1000 deregister game 5001", "16000 SIGTERM s1", "16200 exit s1"]);
});

test("a task that is stopped before it is healthy has no successor: who asked for it decides", async () => {
  const { agent, clock, world, statuses } = setUp();
  const { running } = agent.startTask({ version: "v1", generation: 1 });
  expect(() => agent.stopTask("s1")).toThrow("The task s1 does not run yet.");
  await clock.advance(200);
  const refused = expect(running).rejects.toThrow("s1 ended before it was healthy (StopTask)");
  void agent.stopTask("s1");
  await clock.advance(20_000);
  await refused;
  expect(statuses()).toEqual(["s1 STOPPED"]);
  expect(world.events.slice(2)).toEqual(["200 deregister game 5001", "200 SIGTERM s1", "400 exit s1"]);
});

test("a task that runs already is adopted: registered, waited for, and replaced when it dies", async () => {
  const { agent, clock, world, statuses } = setUp();
  const spec = { id: "a1", version: "v7", generation: 3, targetGroupArn: "game", environment: {} };
  const adopted = agent.adopt(await startedBefore(world, clock, spec));
  await clock.advance(1_000);
  await adopted;
  expect(statuses()).toEqual(["a1 RUNNING"]);
  world.exit("a1", { code: 1, signal: null });
  await clock.advance(2_000);
  expect(agent.tasks()[1]).toMatchObject({ id: "s1", status: "RUNNING", version: "v7", generation: 3 });
});

test("a task that is draining when it is adopted is not registered again, and goes on leaving", async () => {
  const { agent, clock, world, statuses } = setUp();
  const spec = { id: "a1", version: "v1", generation: 1, targetGroupArn: "game", environment: {} };
  const task = await startedBefore(world, clock, spec);
  const registered = world.registerTarget("game", task.address);
  await clock.advance(0);
  await registered;
  await world.deregisterTargets("game", [task.address]);
  const adopted = agent.adopt(task);
  await clock.advance(14_000);
  expect(statuses()).toEqual(["a1 DEACTIVATING"]);
  await clock.advance(2_000);
  await adopted;
  expect(world.events.slice(3)).toEqual(["100 deregister game 5001", "15100 SIGTERM a1", "15300 exit a1"]);
  expect(statuses()).toEqual(["a1 STOPPED"]);
});

async function startedBefore(world: ScriptedWorld, clock: VirtualClock, spec: TaskSpec): Promise<Task> {
  const starting = world.startTask(spec, new AbortController().signal);
  await clock.advance(100);
  return starting;
}
