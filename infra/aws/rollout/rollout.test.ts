// Whole rollouts over a stand-in ECS on virtual time: the deploy of infra/deploy, the real fleet, real requests.
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { afterEach, expect, test } from "vitest";
import { calm } from "../../deploy/testing/scripted-stack.ts";
import { awsError } from "./testing/ecs-model.ts";
import { GREEN, RolloutOnModel } from "./testing/rollout-on-model.ts";

let region: RolloutOnModel;
afterEach(() => region.model.close());

async function setUp(servers = 3): Promise<RolloutOnModel> {
  region = new RolloutOnModel(servers);
  await region.start();
  return region;
}

const inputsOf = (name: string) => region.model.calls.filter((call) => call.name === name).map(({ input }) => input);
/** What changed something, in order; asking again is not told again. */
const changes = () => region.model.changes().filter((name, at, all) => name !== all[at - 1]);
const statuses = () => region.model.state.deployments.map(({ status }) => status);
const protectedNow = () =>
  region.model.state.tasks.filter((task) => task.protectedUntilMs > region.clock.nowMs() && task.target !== "unused");

test("rolling: the old servers are held, the new ones start beside them, and then all the old ones are let go in one breath", async () => {
  await setUp();
  const report = await region.rollOut("rolling");
  expect(report).toMatchObject({ verdict: "unnoticed", from: "v1", to: "v2", generation: 2, reason: null });
  expect(changes()).toEqual([
    ...["RegisterTaskDefinition", "UpdateTaskProtection", "UpdateService", "UpdateTaskProtection"],
  ]);
  expect(region.running()).toEqual(["v2 blue", "v2 blue", "v2 blue"]);
  expect(region.published).toEqual(["image v2 g2 arm64", "pages"]);
  expect(report.targets.map(({ states }) => states.map(({ state }) => state).join(" "))).toEqual([
    ...["healthy draining unused", "healthy draining unused", "healthy draining unused"],
    ...["initial healthy", "initial healthy", "initial healthy"],
  ]);
});

test("the old servers stay for the whole bake, though ECS would have ended them as soon as the new ones were healthy", async () => {
  await setUp();
  const running = (await region.open("rolling", { bake: 300 })).run();
  await region.clock.advance(200_000);
  expect(region.running()).toHaveLength(6);
  expect(region.shown.at(-1)).toContain("new servers bake");
  expect(await region.finish(running)).toMatchObject({ verdict: "unnoticed" });
});

test("eleven servers are held and let go in requests of ten", async () => {
  await setUp(11);
  expect(await region.rollOut("rolling")).toMatchObject({ verdict: "unnoticed" });
  const sizes = inputsOf("UpdateTaskProtection").map((input) => (input as { tasks: string[] }).tasks.length);
  expect(sizes).toEqual([10, 1, 10, 1]);
});

test("an old server that protects itself once more when it is let go is let go again", async () => {
  await setUp();
  const running = (await region.open("rolling")).run();
  const old = region.model.state.tasks.slice(0, 3);
  await region.clock.advance(65_000);
  for (let second = 0; second < 60 && old[0]!.protectedUntilMs > region.clock.nowMs(); second += 1) {
    await region.clock.advance(1_000);
  }
  old[1]!.protectedUntilMs = region.clock.nowMs() + 3_600_000;
  expect(await region.finish(running)).toMatchObject({ verdict: "unnoticed" });
  expect(region.running()).toEqual(["v2 blue", "v2 blue", "v2 blue"]);
});

test("a version that does not start is rolled back by ECS, the old servers stay, and nobody is held afterwards", async () => {
  await setUp();
  const isNew = isVersion("v2");
  let failures = 1; // fewer than ECS's circuit breaker wants
  region.model.state.behaviour.isBroken = (definition) => isNew(definition) && failures-- > 0;
  const report = await region.rollOut("rolling");
  expect(report).toMatchObject({
    verdict: "rolled-back",
    reason: expect.stringContaining("Essential container in task exited"),
  });
  expect(region.model.changes()).toContain("StopServiceDeployment");
  expect(region.running()).toEqual(["v1 blue", "v1 blue", "v1 blue"]);
  expect(statuses()).toEqual(["ROLLBACK_SUCCESSFUL"]);
  expect(protectedNow()).toEqual([]);
  expect(region.published).toEqual(["image v2 g2 arm64"]);
});

test("a version that players suffer from is rolled back", async () => {
  await setUp();
  region.feel = ({ name, count }) => ({ ...calm, players: count, disconnects: name === "newcomers" ? 2 : 0 });
  const report = await region.rollOut("rolling");
  expect(report).toMatchObject({
    verdict: "rolled-back",
    reason: expect.stringContaining("canaries on v2 felt disconnects 2"),
  });
  expect(region.running()).toEqual(["v1 blue", "v1 blue", "v1 blue"]);
  expect(region.published).toEqual(["image v2 g2 arm64"]);
});

test("a version that never becomes healthy is rolled back after its time", async () => {
  await setUp();
  region.model.state.behaviour.isSick = isVersion("v2");
  expect(await region.rollOut("rolling")).toMatchObject({
    verdict: "rolled-back",
    reason: "not all of them were healthy after 330 s",
  });
  expect(region.running()).toEqual(["v1 blue", "v1 blue", "v1 blue"]);
});

test("when ECS's circuit breaker is faster, its roll back is left to go on", async () => {
  await setUp();
  region.model.state.behaviour.isBroken = isVersion("v2");
  expect(await region.rollOut("rolling")).toMatchObject({ verdict: "rolled-back" });
  expect(region.model.changes()).not.toContain("StopServiceDeployment");
  expect(region.model.state.deployments[0]?.statusReason).toContain("circuit breaker");
  expect(region.running()).toEqual(["v1 blue", "v1 blue", "v1 blue"]);
  expect(statuses()).toEqual(["ROLLBACK_SUCCESSFUL"]);
});

test("blue/green by ECS: it moves the traffic, pauses, and goes on at our word", async () => {
  await setUp();
  const report = await region.rollOut("blue-green");
  expect(report).toMatchObject({ verdict: "unnoticed", strategy: "blue-green" });
  expect(changes()).toEqual([
    ...["RegisterTaskDefinition", "UpdateService", "ContinueServiceDeployment"],
    ...["UpdateTaskProtection", "UpdateService"],
  ]);
  expect(region.running()).toEqual(["v2 green", "v2 green", "v2 green"]);
  expect(region.model.state.productionGroup).toBe(GREEN);
  expect(inputsOf("UpdateService")[0]).toMatchObject({
    deploymentConfiguration: { strategy: "BLUE_GREEN", lifecycleHooks: [{ targetType: "PAUSE" }] },
  });
});

test("after blue/green nothing pauses the next deployment of somebody else", async () => {
  await setUp();
  const before = region.model.state.configuration;
  await region.rollOut("blue-green");
  expect(region.model.state.configuration).toEqual(before);
});

test("blue/green there and back again: servers look for their draining in the group that they are in, and in the other", async () => {
  await setUp();
  await region.rollOut("blue-green");
  expect(await region.rollOut("blue-green", { version: "v3" })).toMatchObject({ verdict: "unnoticed", generation: 3 });
  expect(region.running()).toEqual(["v3 blue", "v3 blue", "v3 blue"]);
  const told = region.model.state.definitions.map(({ containerDefinitions: [game] = [] }) =>
    ["TARGET_GROUP_ARN", "ALTERNATE_TARGET_GROUP_ARN"].map(
      (name) => game?.environment?.find((variable) => variable.name === name)?.value?.split("/")[1],
    ),
  );
  const [blue, green] = ["tidegate-game", "tidegate-game-green"];
  expect(told).toEqual([
    [blue, green],
    [green, blue],
    [blue, green],
  ]);
});

test("in blue/green, a version that players suffer from gets ECS's own roll back from the pause", async () => {
  await setUp();
  region.feel = ({ name, count }) => ({ ...calm, players: count, disconnects: name === "newcomers" ? 2 : 0 });
  expect(await region.rollOut("blue-green")).toMatchObject({ verdict: "rolled-back" });
  expect(inputsOf("ContinueServiceDeployment")).toMatchObject([{ action: "ROLLBACK", hookId: "ecs-pause-1" }]);
  expect(region.running()).toEqual(["v1 blue", "v1 blue", "v1 blue"]);
  expect(statuses()).toEqual(["ROLLBACK_SUCCESSFUL"]);
});

test("a rolling deploy is refused where blue/green has left the servers in the alternate group", async () => {
  await setUp();
  await region.rollOut("blue-green");
  await expect(region.open("rolling")).rejects.toThrow("use --strategy blue-green");
});

test.each(["rolling", "blue-green"] as const)(
  "a command that dies in the bake of a %s rollout holds nobody for ever",
  async (strategy) => {
    await setUp();
    const rollout = await region.open(strategy, { bake: 36_000 });
    void rollout.run().catch(() => {});
    await region.clock.advance(120_000);
    expect(region.running()).toHaveLength(6);
    // From now on it is as if it had died: whatever it asks for does not arrive.
    region.model.dropCalls = true;
    const untilMs = region.clock.nowMs() + 12 * 3_600_000;
    while (region.clock.nowMs() < untilMs) await region.clock.advance(60_000);
    const version = strategy === "rolling" ? "v2 blue" : "v1 blue"; // nobody has judged it: blue/green's pause ends in a roll back
    expect(region.running()).toEqual([version, version, version]);
  },
);

test("an interruption in the bake rolls back", async () => {
  await setUp();
  const rollout = await region.open("rolling", { bake: 600 });
  const running = rollout.run();
  await region.clock.advance(120_000);
  rollout.interrupt();
  expect(await region.finish(running)).toMatchObject({ verdict: "rolled-back", reason: "interrupted" });
  expect(region.running()).toEqual(["v1 blue", "v1 blue", "v1 blue"]);
});

test("an interruption right after the request, before ECS has started anything, rolls back as well", async () => {
  await setUp();
  const rollout = await region.open("rolling");
  const running = rollout.run();
  for (let step = 0; step < 100 && statuses().length === 0; step += 1) await region.clock.advance(100);
  rollout.interrupt();
  expect(await region.finish(running)).toMatchObject({ verdict: "rolled-back" });
  expect(statuses()).toEqual(["ROLLBACK_SUCCESSFUL"]);
  expect(region.running()).toEqual(["v1 blue", "v1 blue", "v1 blue"]);
});

async function somebodyDeploys(): Promise<void> {
  const [definition] = region.model.state.definitions;
  const taskDefinitionArn = `${definition!.taskDefinitionArn}9`;
  const game = definition!.containerDefinitions![0]!;
  const variables = game.environment!.map((one) => ({
    ...one,
    value: one.name === "VERSION" ? "v9" : one.name === "GENERATION" ? "9" : one.value,
  }));
  const containerDefinitions = [{ ...game, environment: variables }];
  region.model.state.definitions.push({ ...definition, taskDefinitionArn, containerDefinitions });
  for (const task of region.model.state.tasks) task.protectedUntilMs = region.clock.nowMs() + 3_600_000;
  const where = { cluster: "tidegate-eu", service: "tidegate", taskDefinition: taskDefinitionArn };
  await region.model.ecs.send(new UpdateServiceCommand(where));
  await region.clock.advance(90_000);
  region.model.calls.length = 0;
}

test("a deployment of somebody else that is under way is left alone, and the sentence says what to do", async () => {
  await setUp();
  await somebodyDeploys();
  await expect(region.open("rolling")).rejects.toThrow(
    /A deployment is under way in eu since .* \(IN_PROGRESS\): wait for its end, or take it back first by --undo-unfinished\./,
  );
  expect(region.model.changes()).toEqual([]);
});

test("servers of somebody else's deployment are found in the group that they are in, and not in the one that their task definition names", async () => {
  await setUp();
  await region.rollOut("blue-green");
  await somebodyDeploys(); // by the CDK app's task definition, which names the first group
  await region.clock.advance(2 * 3_600_000); // they were protected
  expect(region.running()).toEqual(["v9 green", "v9 green", "v9 green"]);
  expect(await region.rollOut("blue-green", { version: "v10" })).toMatchObject({ verdict: "unnoticed", from: "v9" });
  expect(region.running()).toEqual(["v10 blue", "v10 blue", "v10 blue"]);
});

test("with --undo-unfinished it is taken back first, and its generation is not counted again", async () => {
  await setUp();
  await somebodyDeploys();
  const report = await region.rollOut("rolling", { undoUnfinished: true });
  expect(report).toMatchObject({ verdict: "unnoticed", from: "v1", generation: 10 });
  expect(statuses()).toEqual(["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]);
  expect(region.running()).toEqual(["v2 blue", "v2 blue", "v2 blue"]);
});

test("a blue/green rollout that died after the traffic had moved is taken back to the servers from before it", async () => {
  await setUp();
  const dead = await region.open("blue-green", { bake: 36_000 });
  void dead.run().catch(() => {});
  await region.clock.advance(120_000);
  expect(region.model.state.productionGroup).toBe(GREEN);
  region.model.dropCalls = true; // the first command never hears of anything again
  await region.clock.advance(10_000);
  region.model.dropCalls = false;
  await expect(region.open("rolling", { version: "v3" })).rejects.toThrow("A deployment is under way");
  const report = await region.rollOut("rolling", { version: "v3", undoUnfinished: true });
  expect(report).toMatchObject({ verdict: "unnoticed", from: "v1", to: "v3", generation: 3 });
  expect(inputsOf("ContinueServiceDeployment")).toMatchObject([{ action: "ROLLBACK" }]);
  expect(region.running()).toEqual(["v3 blue", "v3 blue", "v3 blue"]);
  expect(region.model.state.configuration.lifecycleHooks).toEqual([]);
});

test("an API that asks for patience costs neither the rollout nor its verdict", async () => {
  await setUp();
  const busy = () => [1, 2, 3].map(() => awsError("ThrottlingException", "Rate exceeded"));
  for (const name of [
    "ListTasks",
    "DescribeTargetHealth",
    "UpdateTaskProtection",
    "DescribeServices",
    "UpdateService",
  ]) {
    region.model.faults.set(name, busy());
  }
  region.model.faults.set("DescribeTasks", [awsError("ServerException", "oops", "server")]);
  expect(await region.finish(region.rollOut("rolling"))).toMatchObject({ verdict: "unnoticed" });
});

test("patience with an API that stays busy ends with a sentence", async () => {
  await setUp();
  const busy = Array.from({ length: 100 }, () => awsError("ThrottlingException", "Rate exceeded"));
  region.model.faults.set("DescribeServices", busy);
  const beganMs = region.clock.nowMs();
  await expect(region.finish(region.open("rolling"))).rejects.toThrow("AWS asks to be called more slowly");
  expect(region.clock.nowMs() - beganMs).toBeGreaterThanOrEqual(60_000);
  expect(changes()).toEqual([]);
});

test.each([
  ["RegisterTaskDefinition", "ecs:RegisterTaskDefinition"],
  ["UpdateTaskProtection", "ecs:UpdateTaskProtection"],
  ["UpdateService", "ecs:UpdateService"],
])("without the permission for %s nothing is changed, and the reason names the action", async (name, action) => {
  await setUp();
  const denied = awsError(
    "AccessDeniedException",
    `User: arn:me is not authorized to perform: ${action} on resource: x`,
  );
  region.model.faults.set(name, [denied]);
  expect(await region.rollOut("rolling")).toMatchObject({
    verdict: "rolled-back",
    reason: expect.stringContaining(`these credentials may not do ${action}`),
  });
  expect(region.running()).toEqual(["v1 blue", "v1 blue", "v1 blue"]);
  expect(statuses()).toEqual([]);
  expect(protectedNow()).toEqual([]);
});

test.each([
  ["CredentialsProviderError", "Could not load credentials from any providers", "there are no AWS credentials"],
  ["ExpiredTokenException", "The security token included in the request is expired", "credentials have expired"],
  [
    "AccessDeniedException",
    "User: me is not authorized to perform: ecs:DescribeServices",
    "may not do ecs:DescribeServices",
  ],
])("%s is one sentence before anything begins", async (name, message, sentence) => {
  await setUp();
  region.model.faults.set("DescribeServices", [awsError(name, message)]);
  await expect(region.open("rolling")).rejects.toMatchObject({
    name: "Refusal",
    message: expect.stringContaining(sentence),
  });
  expect(region.model.changes()).toEqual([]);
});

test("ECS's refusal to hold a server rolls back before any new one starts", async () => {
  await setUp();
  region.model.state.desiredCount = 2; // a scale-in is on its way: fewer may be protected than run
  for (const task of region.model.state.tasks.slice(0, 2)) task.protectedUntilMs = region.clock.nowMs() + 3_600_000;
  const report = await region.rollOut("rolling");
  expect(report).toMatchObject({ verdict: "rolled-back", reason: expect.stringContaining("DEPLOYMENT_BLOCKED") });
  expect(inputsOf("UpdateService")).toEqual([]);
});

test("variables of one rollout are not those of the next", async () => {
  await setUp();
  await region.rollOut("rolling", { env: { REHEARSE_STALL_MS: "0" } });
  await region.rollOut("rolling", { version: "v3" });
  const variables = region.model.state.definitions.map((definition) =>
    definition.containerDefinitions?.[0]?.environment?.map(({ name }) => name),
  );
  const common = ["VERSION", "GENERATION", "TARGET_GROUP_ARN", "ALTERNATE_TARGET_GROUP_ARN", "REDIS_URL"];
  expect(variables).toEqual([common, [...common, "REHEARSE_STALL_MS"], common]);
});

const isVersion = (version: string) => (definition: { containerDefinitions?: { environment?: object[] }[] }) =>
  JSON.stringify(definition.containerDefinitions?.[0]?.environment).includes(`"${version}"`);
