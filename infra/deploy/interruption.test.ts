// Ctrl-C in each stage of a deploy, on virtual time.
import { expect, test } from "vitest";
import { ScriptedStack } from "./testing/scripted-stack.ts";

async function setUp() {
  const stack = new ScriptedStack();
  await stack.start(2);
  return stack;
}

const names = (stack: ScriptedStack) => stack.world.events.map((event) => event.replace(/^\d+ /, ""));
const statuses = (stack: ScriptedStack) => stack.agent.tasks().map((task) => `${task.id} ${task.status}`);

test.each([
  ["before the canaries have their seats", 1_000],
  ["in the baseline", 2_000],
])("an interruption %s changes nothing", async (_, afterMs) => {
  const stack = await setUp();
  const deploy = stack.deploy("rolling");
  const running = deploy.run();
  await stack.clock.advance(afterMs);
  deploy.interrupt();
  await expect(stack.finish(running)).rejects.toThrow("Interrupted; nothing has been changed.");
  expect(names(stack)).toEqual(["settle blue", "canaries veterans 6"]);
});

test.each([
  ["while servers start", 4_800],
  ["in the bake", 12_000],
])("an interruption %s rolls back", async (_, afterMs) => {
  const stack = await setUp();
  const deploy = stack.deploy("blue-green", { bakeMs: 60_000 });
  const running = deploy.run();
  await stack.clock.advance(afterMs);
  deploy.interrupt();
  const report = await stack.finish(running);
  expect(report).toMatchObject({ verdict: "rolled-back", reason: "interrupted" });
  expect(stack.said[0]).toContain("rolling back");
  expect(statuses(stack).slice(0, 2)).toEqual(["s1 RUNNING", "s2 RUNNING"]);
  expect(stack.agent.tasks().filter(({ generation, status }) => generation === 2 && status !== "STOPPED")).toEqual([]);
});

test("an interruption while the old servers leave comes too late: it goes on to its end", async () => {
  const stack = await setUp();
  const deploy = stack.deploy("rolling");
  const running = deploy.run();
  await stack.clock.advance(20_000);
  deploy.interrupt();
  expect(await stack.finish(running)).toMatchObject({ verdict: "unnoticed" });
  expect(stack.said[0]).toContain("leaving already");
});

test("an interrupted preparation is no fault of the preparation", async () => {
  const stack = await setUp();
  const deploy = stack.deploy("rolling", {
    prepare: (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("cut off")))),
  });
  const running = deploy.run();
  deploy.interrupt();
  await expect(stack.finish(running)).rejects.toThrow("Interrupted; nothing has been changed.");
});
