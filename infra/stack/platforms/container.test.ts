import { afterEach, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { ContainerPlatform } from "./container.ts";
import { composeContainer, HandEngine } from "./testing/hand-engine.ts";
import { LISTENS, never, platformContract, spec } from "./testing/platform-contract.ts";

const engines: HandEngine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

function setUp(script = LISTENS) {
  const engine = new HandEngine(script);
  engines.push(engine);
  engine.put(composeContainer("made-by-compose-1"), false);
  const said: string[] = [];
  const platform = new ContainerPlatform({
    ...{ engine, project: "tide", service: "game", clock: systemClock },
    listens: async () => engine.hasListened(),
    say: (line) => said.push(line),
  });
  return { engine, platform, said };
}

platformContract("containers", (script) => {
  const { engine, platform } = setUp(script);
  return { platform, counts: () => ({ started: engine.created.length, alive: engine.alive }) };
});

test("a new container is one of the service, with a number, a name and a port that none had before", async () => {
  const { engine, platform } = setUp();
  const first = await platform.startTask(spec, never);
  platform.kill(first);
  await first.exited;
  await engine.remove("made1");
  const second = await platform.startTask({ ...spec, id: "s2" }, never);
  expect(engine.names()).toEqual(["/tide-game-1", "/tide-game-3"]);
  expect([first.address.port, second.address.port]).toEqual([8002, 8003]);
  expect(second).toMatchObject({ pid: undefined, log: "docker logs tide-game-3" });
});

test("what Compose has started is told once, and so is nothing that was started here", async () => {
  const { engine, platform } = setUp();
  engine.put(composeContainer("made-by-compose-2"), true);
  const [found, ...others] = await platform.newcomers();
  expect(others).toEqual([]);
  expect(found?.spec).toEqual({
    ...{ id: "made-by-compose-2", version: "v1", generation: 4, targetGroupArn: "arn:tg", environment: {} },
  });
  await platform.startTask(spec, never);
  expect(await platform.newcomers()).toEqual([]);
  const again = new ContainerPlatform({
    ...{ engine, project: "tide", service: "game", clock: systemClock, say: () => {} },
    listens: async () => true,
  });
  const adopted = await again.newcomers();
  expect(adopted.map((task) => task.spec)).toContainEqual(spec);
  expect(adopted).toHaveLength(2);
});

test("containers of another project or service are no business of ours", async () => {
  const { engine, platform } = setUp();
  const labels = { ...composeContainer("x-2").Config.Labels, "com.docker.compose.project": "other" };
  engine.put(composeContainer("x-2", { Labels: labels }), true);
  expect(await platform.newcomers()).toEqual([]);
});

test("a few that have ended are kept for their logs, the others are taken away", async () => {
  const { engine, platform } = setUp("process.exitCode = 0; console.log('listening')");
  for (let number = 2; number <= 9; number += 1) engine.put(composeContainer(`old-${number}`), false);
  engine.put(composeContainer("last-0"), true);
  const [task] = await platform.newcomers();
  await task?.exited;
  expect(engine.names()).toHaveLength(6);
  expect(engine.names()).toContain("/tide-game-0");
});

test("a version without an image is refused by its name", async () => {
  const { platform } = setUp();
  await expect(platform.startTask({ ...spec, version: "missing" }, never)).rejects.toThrow(
    "There is no image registry:5000/tidegate-game:missing here: build it first.",
  );
});

test("without any container of the service there is nothing to make others like", async () => {
  const { engine, platform } = setUp();
  await engine.remove("made-by-compose-1");
  await expect(platform.startTask(spec, never)).rejects.toThrow("No game container is left to make others like it");
});

test("an engine that does not answer for a moment does not end a task", async () => {
  const { engine, platform } = setUp();
  engine.trouble = new Error("socket hang up");
  const task = await platform.startTask(spec, never);
  platform.kill(task);
  expect(await task.exited).toEqual({ code: null, signal: "SIGKILL" });
});
