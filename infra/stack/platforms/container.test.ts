import { afterEach, expect, test } from "vitest";
import { type Clock, systemClock } from "../clock.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { ContainerPlatform } from "./container.ts";
import { composeContainer, HandEngine } from "./testing/hand-engine.ts";
import { LISTENS, never, platformContract, spec } from "./testing/platform-contract.ts";

const engines: HandEngine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

/** Time passes as ever, but nobody waits for long. */
const clock: Clock = {
  nowMs: systemClock.nowMs,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 50), signal),
};

function setUp(script = LISTENS, time: Clock = clock) {
  const engine = new HandEngine(script);
  engines.push(engine);
  engine.put(composeContainer("made-by-compose-1"), false);
  const said: string[] = [];
  const platform = new ContainerPlatform({
    ...{ engine, project: "tide", service: "game", clock: time },
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
  await expect.poll(() => engine.names()).toEqual(["/tide-game-1"]);
  const second = await platform.startTask({ ...spec, id: "s2" }, never);
  expect(engine.names()).toEqual(["/tide-game-1", "/tide-game-3"]);
  expect([first.address.port, second.address.port]).toEqual([8002, 8003]);
  expect(second).toMatchObject({ pid: undefined, log: expect.stringMatching(/^docker logs tide-game-3 /) });
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
    ...{ engine, project: "tide", service: "game", clock, say: () => {} },
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

test("a container that has ended goes, so that Compose does not count it; what one said that died is told", async () => {
  const { engine, platform, said } = setUp();
  const task = await platform.startTask(spec, never);
  platform.kill(task);
  await task.exited;
  expect(said).toEqual([expect.stringMatching(/^The last that s1 said:\nhello\n/)]);
  await expect.poll(() => engine.names()).toEqual(["/tide-game-1"]);
  expect(said).toHaveLength(1);
});

test("a container that Compose takes away or starts again when it has ended is left alone", async () => {
  const time = new VirtualClock();
  const { engine, platform, said } = setUp(LISTENS, time);
  for (const id of ["restarted-2", "removed-3"]) engine.put(composeContainer(id), true);
  for (const task of await platform.newcomers()) {
    platform.kill(task);
    await task.exited;
  }
  await engine.remove("removed-3");
  await engine.start("restarted-2");
  await time.advance(10_000);
  expect(engine.names()).toEqual(["/tide-game-1", "/tide-game-2"]);
  expect(engine.alive).toBe(1);
  expect(said.join()).not.toContain("stays behind");
});

test("when no container is left, others are made like the last one", async () => {
  const { engine, platform } = setUp();
  await platform.newcomers();
  await engine.remove("made-by-compose-1");
  await platform.startTask(spec, never);
  expect(engine.names()).toEqual(["/tide-game-2"]);
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
