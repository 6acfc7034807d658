import { expect, test } from "vitest";
import { type FleetTask, others } from "./fleet.ts";
import { planDeploy } from "./plan.ts";

const wanted = { strategy: "rolling", to: "v2", environment: {}, servingArn: "blue" } as const;

function task(
  id: string,
  version: string,
  generation: number,
  status: FleetTask["status"] = "RUNNING",
  targetGroupArn = "blue",
): FleetTask {
  return { id, version, generation, status, targetGroupArn, address: null, stoppedReason: null };
}

test("as many servers as run are started, in the next generation", () => {
  const tasks = [task("s1", "v1", 1), task("s2", "v1", 1), task("s3", "v1", 1, "STOPPED")];
  expect(planDeploy(tasks, wanted)).toEqual({
    ...{ strategy: "rolling", from: "v1", fromGeneration: 1, to: "v2", environment: {} },
    ...{ generation: 2, count: 2, isUnfinished: false },
  });
});

test("a generation that was rolled back is not used again", () => {
  const tasks = [task("s1", "v1", 1), task("s2", "bad", 2, "STOPPED")];
  expect(planDeploy(tasks, wanted)).toMatchObject({ from: "v1", generation: 3, count: 1 });
});

test("of a rolling deploy that was killed, the new generation is left over: nobody has judged it to its end", () => {
  const tasks = [task("s1", "v1", 1), task("s2", "v1", 1), task("s3", "v2", 2)];
  const plan = planDeploy(tasks, { ...wanted, to: "v3" });
  expect(plan).toMatchObject({ from: "v1", fromGeneration: 1, generation: 3, count: 2, isUnfinished: true });
  expect(others(tasks, plan.fromGeneration)).toEqual(["s3"]);
  expect(others([...tasks, task("s4", "v3", 3)], plan.generation)).toEqual(["s1", "s2", "s3"]);
});

test("of a blue/green one, whatever is not in the group that serves", () => {
  const tasks = [task("s1", "v1", 1), task("s2", "v2", 2, "RUNNING", "green")];
  expect(planDeploy(tasks, wanted)).toMatchObject({ from: "v1", count: 1, isUnfinished: true });
  expect(planDeploy(tasks, { ...wanted, servingArn: "green" })).toMatchObject({ from: "v2", isUnfinished: true });
});

test("the version that runs may be deployed again", () => {
  expect(planDeploy([task("s1", "v2", 4)], wanted)).toMatchObject({ from: "v2", to: "v2", generation: 5 });
});

test("of the other generations, dead servers are asked to go too, since a successor may be on its way; those that are leaving are not", () => {
  const tasks = [task("s1", "v1", 1, "STOPPED"), task("s2", "v1", 1, "DEACTIVATING"), task("s3", "v1", 1)];
  expect(others(tasks, 2)).toEqual(["s3", "s1"]);
});

test("without a running server there is nothing to replace", () => {
  expect(() => planDeploy([task("s1", "v1", 1, "STOPPED")], wanted)).toThrow("No server runs that could be replaced.");
});

test("two generations must fit", () => {
  const tasks = [1, 2, 3].map((number) => task(`s${number}`, "v1", 1));
  expect(planDeploy(tasks, wanted, 6).count).toBe(3);
  expect(() => planDeploy(tasks, wanted, 5)).toThrow(
    "For a deploy, 3 new servers must run beside as many, and 5 is the limit: scale in first.",
  );
});
