import { expect, test } from "vitest";
import type { TargetState } from "../stack/elb.ts";
import type { FleetTask } from "./fleet.ts";
import { type TargetStory, tellOn } from "./target-story.ts";

const task = (id: string, port: number | null): FleetTask => ({
  ...{ id, version: "v1", generation: 1, status: "RUNNING", targetGroupArn: "blue", stoppedReason: null },
  address: port === null ? null : { host: "127.0.0.1", port },
});

test("a target's story has each state once, from the first on that the load balancer tells", () => {
  const seen: (TargetState | undefined)[] = [
    undefined,
    "initial",
    "initial",
    "healthy",
    "draining",
    "draining",
    undefined,
  ];
  const story = seen.reduce<TargetStory[]>((so_far, state, second) => {
    const states = new Map(state === undefined ? [] : [["127.0.0.1:5001", state] as const]);
    return tellOn(so_far, [task("s1", 5001), task("s2", null)], states, `${second}`);
  }, []);
  expect(story).toEqual([
    {
      id: "s1",
      states: [
        { state: "initial", at: "1" },
        { state: "healthy", at: "3" },
        { state: "draining", at: "4" },
        { state: "unused", at: "6" },
      ],
    },
  ]);
});

test("a server that the fleet has forgotten keeps its story", () => {
  const story = tellOn([], [task("s1", 5001)], new Map([["127.0.0.1:5001", "healthy"]]), "1");
  expect(tellOn(story, [], new Map(), "2")).toEqual(story);
});
