// The agent's fleet, with an agent that only takes notes.
import { expect, test } from "vitest";
import type { TaskView } from "../stack/task-entry.ts";
import { agentFleet, type DeploysDoor } from "./fleet.ts";

function task(number: number, generation: number, status: TaskView["status"]): TaskView {
  return {
    ...{ id: `s${number}`, version: `v${generation}`, generation, status, targetGroupArn: "blue", environment: {} },
    ...{ pid: null, address: null, startedAt: null, stoppedReason: null },
  };
}

function doorTo(tasks: TaskView[]) {
  const retired: (readonly string[])[] = [];
  const started: object[] = [];
  const door: DeploysDoor = {
    tasks: async () => tasks,
    statusz: async (id) => {
      if (id === "s1") throw new Error("no answer");
      return id === "s2" ? null : { state: "ready", players: 3, rooms: [{}], moves: { in: 4 } };
    },
    start: async (wanted) => {
      started.push(wanted);
      return task(9, 2, "PENDING");
    },
    retire: async (ids) => {
      retired.push(ids);
      return tasks;
    },
    serveFrom: async () => {},
  };
  return { door, retired, started };
}

test("a generation is started task by task", async () => {
  const { door, started } = doorTo([]);
  const wanted = { version: "v2", generation: 2, targetGroupArn: "blue", environment: { A: "1" } };
  await agentFleet(door).startGeneration({ ...wanted, count: 2 });
  expect(started).toEqual([wanted, wanted]);
});

test("however many have died before, those that live go in one request, and none asks for more than the agent takes", async () => {
  const dead = Array.from({ length: 64 }, (_, at) => task(at, 1, "STOPPED"));
  const living = [task(100, 2, "RUNNING"), task(101, 2, "ACTIVATING")];
  const { door, retired } = doorTo([...dead, ...living, task(102, 3, "RUNNING"), task(103, 2, "STOPPING")]);
  await agentFleet(door).keepOnly(3);
  expect(retired.map((ids) => ids.length)).toEqual([64, 2]);
  expect(retired[0]?.slice(0, 3)).toEqual(["s100", "s101", "s0"]);
});

test("where only the wanted generation is there, nobody is asked to leave", async () => {
  const { door, retired } = doorTo([task(1, 2, "RUNNING")]);
  await agentFleet(door).keepOnly(2);
  expect(retired).toEqual([]);
});

test("servers that do not answer, and those that have stopped, have no words", async () => {
  const tasks = [task(1, 1, "RUNNING"), task(2, 1, "PENDING"), task(3, 1, "STOPPED"), task(4, 1, "RUNNING")];
  const words = await agentFleet(doorTo(tasks).door).words(tasks);
  expect(words).toEqual(new Map([["s4", { state: "ready", players: 3, rooms: 1, arrived: 4 }]]));
});
