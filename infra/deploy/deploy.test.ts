// Whole deploys on virtual time: the real rollout, jury, watch and agent; no processes, no load balancer, no players.
import { expect, test } from "vitest";
import { agentFleet } from "./fleet.ts";
import { calm, ScriptedStack } from "./testing/scripted-stack.ts";

async function setUp(servers = 2) {
  const stack = new ScriptedStack();
  await stack.start(servers);
  return stack;
}

const names = (stack: ScriptedStack) => stack.world.events.map((event) => event.replace(/^\d+ /, ""));
const statuses = (stack: ScriptedStack) => stack.agent.tasks().map((task) => `${task.id} ${task.status}`);

test("rolling: canaries first, then the new servers, and the old ones retired in one breath when the bake is over", async () => {
  const stack = await setUp();
  const report = await stack.finish(stack.deploy("rolling").run());
  expect(report).toMatchObject({ strategy: "rolling", from: "v1", to: "v2", generation: 2, verdict: "unnoticed" });
  expect(names(stack).slice(0, 9)).toEqual([
    "settle blue",
    "canaries veterans 6",
    "start s3",
    "start s4",
    "register blue 5003",
    "register blue 5004",
    "canaries newcomers 3 on v2",
    "retire s1 s2",
    "deregister blue 5001 5002",
  ]);
  expect(statuses(stack)).toEqual(["s1 STOPPED", "s2 STOPPED", "s3 RUNNING", "s4 RUNNING"]);
});

test("the baseline and the bake take the time that they are given", async () => {
  const stack = await setUp();
  await stack.finish(stack.deploy("rolling", { bakeMs: 60_000 }).run());
  const at = (name: string) => Number.parseInt(stack.world.events.find((event) => event.includes(name)) ?? "", 10);
  expect(at("start s3") - at("canaries veterans")).toBeGreaterThanOrEqual(1_500 + 3_000);
  expect(at("retire") - at("canaries newcomers")).toBeGreaterThanOrEqual(1_500 + 60_000);
});

test("blue/green: a second group, a small weight for the bake, all of it, and only then the old group is emptied", async () => {
  const stack = await setUp();
  const report = await stack.finish(stack.deploy("blue-green").run());
  expect(report.verdict).toBe("unnoticed");
  const order = names(stack).filter((name) => !name.startsWith("canaries") && !name.startsWith("start"));
  expect(order.slice(0, 10)).toEqual([
    "settle blue",
    "group beside blue",
    "forward blue 100, green 0",
    "register green 5003",
    "register green 5004",
    "forward blue 80, green 20",
    "forward blue 0, green 100",
    "serve from green",
    "retire s1 s2",
    "deregister blue 5001 5002",
  ]);
  expect(stack.agent.targetGroupArn).toBe("green");
});

test("what a killed deploy has left goes before anything else, and is not counted", async () => {
  const stack = await setUp();
  stack.agent.startTask({ version: "v9", generation: 7, targetGroupArn: "green" });
  await stack.clock.advance(1_000);
  stack.world.events.length = 0;
  const report = await stack.finish(stack.deploy("rolling").run());
  expect(report).toMatchObject({ from: "v1", generation: 8, verdict: "unnoticed" });
  const order = names(stack).filter((name) => /^(settle|retire|canaries|start)/.test(name));
  const cleared = ["settle blue", "retire s3", "canaries veterans 6"];
  expect(order).toEqual([...cleared, "start s4", "start s5", "canaries newcomers 3 on v2", "retire s1 s2 s3"]);
});

test("the report tells each target's states, for both groups of a blue/green deploy", async () => {
  const stack = await setUp(1);
  const report = await stack.finish(stack.deploy("blue-green").run());
  const told = report.targets.map(({ id, states }) => `${id} ${states.map(({ state }) => state).join(" ")}`);
  expect(told).toEqual(["s1 healthy draining unused", "s2 initial healthy"]);
  expect(report.targets[0]?.states[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test("everybody who came by a move is counted, but not those who had come before", async () => {
  const stack = await setUp(1);
  stack.arrived = 5;
  const running = stack.deploy("rolling").run();
  await stack.clock.advance(20_000);
  stack.arrived = 12;
  expect(await stack.finish(running)).toMatchObject({ players: { moved: 14 } });
});

test("without canaries it bakes all the same, and the report makes nothing up", async () => {
  const stack = await setUp();
  const report = await stack.finish(stack.deploy("rolling", { canaries: 0 }).run());
  expect(report).toMatchObject({ verdict: "unnoticed", players: { disconnected: null }, gapMs: { max: null } });
  expect(stack.groups).toEqual([]);
});

test("a version that does not start is rolled back, and the old servers never leave", async () => {
  const stack = await setUp();
  stack.world.behaviour.broken = (id) => id === "s4";
  const report = await stack.finish(stack.deploy("rolling").run());
  expect(report).toMatchObject({ verdict: "rolled-back", reason: "s4 ended before it listened (exit code 1)" });
  expect(names(stack)).toContain("retire s3 s4");
  expect(statuses(stack)).toEqual(["s1 RUNNING", "s2 RUNNING", "s3 STOPPED", "s4 STOPPED"]);
});

test("a version that never becomes healthy is rolled back, in blue/green with the weight put back first", async () => {
  const stack = await setUp(1);
  stack.world.behaviour.healthyAfterMs = 1_000_000;
  stack.world.targetState = async (_, { port }) => (port === 5001 ? "healthy" : "unhealthy");
  const report = await stack.finish(stack.deploy("blue-green").run());
  expect(report.verdict).toBe("rolled-back");
  expect(report.reason).toContain("s2 is unhealthy after 20 s");
  expect(
    names(stack)
      .filter((name) => name.startsWith("forward"))
      .at(-1),
  ).toBe("forward blue 100, green 0");
  expect(stack.agent.targetGroupArn).toBe("blue");
});

test("many servers may take longer to become healthy, since they start one after the other", async () => {
  const stack = await setUp(8);
  const fleet = stack.fleet();
  const untilMs = stack.clock.nowMs() + 100_000;
  const list: typeof fleet.list = async () => {
    const isSlow = stack.clock.nowMs() < untilMs;
    const tasks = await fleet.list();
    return tasks.map((task) => (isSlow && task.generation === 2 ? { ...task, status: "ACTIVATING" } : task));
  };
  const report = await stack.finish(stack.deploy("rolling", { fleet: { ...fleet, list } }).run());
  expect(report.verdict).toBe("unnoticed");
});

test("a look at the fleet that fails while servers leave costs neither the deploy nor its verdict", async () => {
  const stack = await setUp();
  const fleet = stack.fleet();
  let failures = 0;
  const list: typeof fleet.list = async () => {
    const tasks = await fleet.list();
    const isLeaving = tasks.some((task) => task.status === "DEACTIVATING");
    if (isLeaving && ++failures <= 3) throw new Error("no answer");
    return tasks;
  };
  const report = await stack.finish(stack.deploy("rolling", { fleet: { ...fleet, list } }).run());
  expect(failures).toBeGreaterThan(3);
  expect(report.verdict).toBe("unnoticed");
});

test("a new server that dies in the bake takes its version with it, and gets no successor", async () => {
  const stack = await setUp();
  const running = stack.deploy("rolling", { bakeMs: 60_000 }).run();
  await stack.clock.advance(12_000);
  stack.world.exit("s3", { code: 1, signal: null });
  const report = await stack.finish(running);
  expect(report).toMatchObject({ verdict: "rolled-back", reason: "s3 ended (exit code 1)" });
  await stack.clock.advance(60_000);
  expect(statuses(stack)).toEqual(["s1 RUNNING", "s2 RUNNING", "s3 STOPPED", "s4 STOPPED"]);
});

test("a new server that becomes unhealthy in the bake does so as well", async () => {
  const stack = await setUp();
  const running = stack.deploy("rolling", { bakeMs: 60_000 }).run();
  await stack.clock.advance(12_000);
  const healthy = stack.world.targetState.bind(stack.world);
  stack.world.targetState = async (group, address) => (address.port === 5003 ? "unhealthy" : healthy(group, address));
  expect(await stack.finish(running)).toMatchObject({ verdict: "rolled-back", reason: "s3 became unhealthy" });
});

test.each([
  ["and well again, nobody blames the new version", 5_000, { verdict: "unnoticed" }],
  ["for good, nobody is moved to what is sick", 500_000, { verdict: "rolled-back", reason: "s3 became unhealthy" }],
])("when all servers become unhealthy in the bake, %s", async (_, forMs, expected) => {
  const stack = await setUp();
  const running = stack.deploy("rolling", { bakeMs: 10_000 }).run();
  await stack.clock.advance(12_000);
  const untilMs = stack.clock.nowMs() + forMs;
  const real = stack.world.targetState.bind(stack.world);
  stack.world.targetState = async (group, address) => {
    const state = await real(group, address);
    return state === "healthy" && stack.clock.nowMs() < untilMs ? "unhealthy" : state;
  };
  expect(await stack.finish(running)).toMatchObject(expected);
});

test.each([
  ["lose an input", { inputs: { lost: 1, doubled: 0 } }, "canaries on v2 felt inputs lost 1 (limit 0)"],
  ["are cut off", { disconnects: 2 }, "canaries on v2 felt disconnects 2 (limit 0)"],
  ["stand still", { gapMs: { p50: 33, p99: 90, max: 300 } }, "canaries on v2 felt longest gap 300 ms (limit 250 ms)"],
  ["stutter", { gapMs: { p50: 33, p99: 120, max: 200 } }, "canaries on v2 felt gap p99 120 ms (limit 100 ms)"],
  ["cannot play", { players: 1 }, "1 of 3 canaries on v2 can play"],
])("a version on which canaries %s is rolled back", async (_, change, reason) => {
  const stack = await setUp();
  stack.feel = ({ name, count }) => ({ ...calm, players: count, ...(name === "newcomers" ? change : {}) });
  const report = await stack.finish(stack.deploy("rolling").run());
  expect(report.verdict).toBe("rolled-back");
  expect(report.reason).toContain(reason);
  expect(statuses(stack).slice(0, 2)).toEqual(["s1 RUNNING", "s2 RUNNING"]);
});

test.each([
  [130, "noticed"],
  [140, "rolled-back"],
])("beside canaries on the old version who stutter by 90 ms, %i ms on the new one are %s", async (p99, verdict) => {
  const stack = await setUp();
  stack.feel = ({ name, count }) => {
    return { ...calm, players: count, gapMs: { p50: 33, p99: name === "veterans" ? 40 : p99, max: 200 } };
  };
  const running = stack.deploy("rolling").run();
  await stack.clock.advance(6_000); // after the baseline
  const [veterans] = stack.groups;
  if (veterans) veterans.felt = { ...calm, gapMs: { p50: 33, p99: 90, max: 200 } };
  expect(await stack.finish(running)).toMatchObject({ verdict, limits: { gapP99Ms: 100 } });
});

test("canaries that find no seat on the new version have it rolled back", async () => {
  const stack = await setUp();
  stack.feel = ({ name, count }) => (name === "newcomers" ? undefined : { ...calm, players: count });
  const report = await stack.finish(stack.deploy("rolling").run());
  expect(report).toMatchObject({ verdict: "rolled-back", reason: "canaries on v2 got no seats in time." });
});

test("canaries who play from the beginning judge the new version as well", async () => {
  const stack = await setUp();
  const running = stack.deploy("rolling", { bakeMs: 60_000 }).run();
  await stack.clock.advance(12_000);
  const [veterans] = stack.groups;
  if (veterans) veterans.felt = { ...calm, disconnects: 1 };
  expect(await stack.finish(running)).toMatchObject({
    verdict: "rolled-back",
    reason: expect.stringContaining("canaries felt disconnects 1 (limit 0)"),
  });
});

test("what canaries felt before anything was changed is not blamed on the new version", async () => {
  const stack = await setUp();
  stack.feel = ({ count }) => ({ ...calm, players: count, gapMs: { p50: 33, p99: 130, max: 280 } });
  const report = await stack.finish(stack.deploy("rolling").run());
  expect(report).toMatchObject({
    verdict: "unnoticed",
    before: ["gap p99 130 ms (limit 100 ms)", "longest gap 280 ms (limit 250 ms)"],
  });
});

test("canaries that get no seat at all end it before anything is changed", async () => {
  const stack = await setUp();
  stack.feel = () => undefined;
  await expect(stack.finish(stack.deploy("rolling").run())).rejects.toThrow("canaries got no seats in time.");
  expect(names(stack)).toEqual(["settle blue", "canaries veterans 6"]);
});

test("judges that go away in the bake cannot judge: it is rolled back", async () => {
  const stack = await setUp();
  const running = stack.deploy("rolling", { bakeMs: 60_000 }).run();
  await stack.clock.advance(12_000);
  const [veterans] = stack.groups;
  if (veterans) veterans.ended = "signal SIGKILL";
  expect(await stack.finish(running)).toMatchObject({
    verdict: "rolled-back",
    reason: "the canaries ended: signal SIGKILL",
  });
});

test("judges that go away while the old servers leave acquit nobody", async () => {
  const stack = await setUp();
  const running = stack.deploy("rolling").run();
  await stack.clock.advance(20_000);
  expect(stack.shown.at(-1)).toContain("old servers hand over and leave");
  const [veterans] = stack.groups;
  if (veterans) veterans.ended = "signal SIGKILL";
  expect(await stack.finish(running)).toMatchObject({
    verdict: "noticed",
    reason: "the canaries ended: signal SIGKILL",
  });
});

test("what is felt while the old servers leave is noticed, and not undone", async () => {
  const stack = await setUp();
  const running = stack.deploy("rolling").run();
  await stack.clock.advance(20_000);
  expect(stack.shown.at(-1)).toContain("old servers hand over and leave");
  const [veterans] = stack.groups;
  if (veterans) veterans.felt = { ...calm, movesPerPlayerMax: 2, moved: 6, movedMoreThanOnce: 1 };
  expect(await stack.finish(running)).toMatchObject({
    verdict: "noticed",
    reason: "all in all, canaries felt moves of one player 2 (limit 1)",
    players: { movedMoreThanOnce: 1, disconnected: 0 },
  });
});

test("an old server that came between the look and the retirement, as the successor of a dead one, goes as well", async () => {
  const stack = await setUp();
  const door = stack.door();
  let isFirst = true;
  const retire: typeof door.retire = async (ids) => {
    if (isFirst) stack.agent.startTask({ version: "v1", generation: 1 });
    isFirst = false;
    return door.retire(ids);
  };
  const report = await stack.finish(stack.deploy("rolling", { fleet: agentFleet({ ...door, retire }) }).run());
  expect(report.verdict).toBe("unnoticed");
  expect(statuses(stack).filter((status) => status.endsWith("RUNNING"))).toEqual(["s3 RUNNING", "s4 RUNNING"]);
});

test("an old server that does not leave is reported after its deadline", async () => {
  const stack = await setUp();
  const fleet = stack.fleet();
  const report = await stack.finish(stack.deploy("rolling", { fleet: { ...fleet, keepOnly: async () => {} } }).run());
  expect(report).toMatchObject({ verdict: "noticed", reason: expect.stringContaining("s1 still runs") });
});

test("a load balancer that refuses the split leaves everything as it was", async () => {
  const stack = await setUp();
  const balancer = stack.balancer();
  const forward = () => Promise.reject(new Error("The listener forwards to other as well."));
  const report = await stack.finish(stack.deploy("blue-green", { balancer: { ...balancer, forward } }).run());
  expect(report).toMatchObject({ verdict: "rolled-back", reason: "The listener forwards to other as well." });
  expect(names(stack).filter((name) => name.startsWith("start") || name.startsWith("retire"))).toEqual([]);
});
