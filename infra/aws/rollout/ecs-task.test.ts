import type { Task } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import type { TargetState } from "../../stack/elb.ts";
import { addressOf, fleetTask, type GroupStates, serverIdOf } from "./ecs-task.ts";

const release = { version: "v2", generation: 2, targetGroupArn: "blue", image: "x", architecture: "arm64" } as const;
const attachments = [{ type: "ElasticNetworkInterface", details: [{ name: "privateIPv4Address", value: "10.0.0.7" }] }];
const task = (more: Task): Task => ({
  taskArn: "arn:aws:ecs:x:1:task/c/0123456789abcdef0123456789abcdef",
  attachments,
  ...more,
});
const seen = (more: Task, state?: TargetState) => fleetTask(task(more), release, groups({ blue: state }));
const groups = (states: Record<string, TargetState | undefined>): GroupStates =>
  new Map(
    Object.entries(states).map(([arn, state]) => [arn, new Map(state === undefined ? [] : [["10.0.0.7:8000", state]])]),
  );

test("a task is the server that calls itself by the first twelve characters of the task's id", () => {
  expect(serverIdOf("arn:aws:ecs:x:1:task/c/0123456789abcdef0123456789abcdef")).toBe("0123456789ab");
  expect(seen({ lastStatus: "RUNNING" }, "healthy")).toEqual({
    ...{ id: "0123456789ab", version: "v2", generation: 2, targetGroupArn: "blue" },
    ...{ status: "RUNNING", address: { host: "10.0.0.7", port: 8000 }, stoppedReason: null },
  });
});

test("without a network interface it has no address yet", () => {
  expect(addressOf({ attachments: [{ type: "ElasticNetworkInterface", details: [] }] })).toBeNull();
  expect(addressOf({})).toBeNull();
});

test.each([
  [{ blue: "healthy" }, "blue", "RUNNING"],
  [{ blue: undefined, green: "healthy" }, "green", "RUNNING"],
  [{ blue: "draining", green: "healthy" }, "green", "RUNNING"],
  [{ blue: "healthy", green: "draining" }, "blue", "RUNNING"],
  [{ blue: undefined, green: "draining" }, "green", "DEACTIVATING"],
  [{ blue: undefined, green: undefined }, "blue", "ACTIVATING"],
] as const)(
  "with targets %j it is in %s, whatever its task definition says, and %s",
  (states, targetGroupArn, status) => {
    const found = fleetTask(task({ lastStatus: "RUNNING", desiredStatus: "RUNNING" }), release, groups(states));
    expect(found).toMatchObject({ targetGroupArn, status });
  },
);

test.each([
  ["PROVISIONING", "RUNNING", undefined, "PENDING"],
  ["PENDING", "RUNNING", undefined, "PENDING"],
  ["PENDING", "STOPPED", undefined, "STOPPING"],
  ["ACTIVATING", "RUNNING", undefined, "ACTIVATING"],
  ["RUNNING", "RUNNING", undefined, "ACTIVATING"],
  ["RUNNING", "RUNNING", "initial", "ACTIVATING"],
  ["RUNNING", "RUNNING", "unhealthy", "ACTIVATING"],
  ["RUNNING", "RUNNING", "healthy", "RUNNING"],
  ["RUNNING", "RUNNING", "draining", "DEACTIVATING"],
  ["RUNNING", "STOPPED", "healthy", "DEACTIVATING"],
  ["DEACTIVATING", "STOPPED", "draining", "DEACTIVATING"],
  ["STOPPING", "STOPPED", undefined, "STOPPING"],
  ["DEPROVISIONING", "STOPPED", undefined, "STOPPED"],
  ["STOPPED", "STOPPED", undefined, "STOPPED"],
] as const)(
  "a task that is %s, wanted %s, with a target %s is %s here",
  (lastStatus, desiredStatus, target, status) => {
    expect(seen({ lastStatus, desiredStatus }, target).status).toBe(status);
  },
);

test.each([
  [{ stoppedReason: "Scaling activity" }, "Scaling activity"],
  [{ stoppedReason: "Task failed", containers: [{ exitCode: 0 }] }, "Task failed"],
  [
    { stoppedReason: "Essential container in task exited", containers: [{ exitCode: 1 }] },
    "Essential container in task exited: exit code 1",
  ],
  [
    { stoppedReason: "Task failed to start", containers: [{ reason: "CannotPullContainerError" }] },
    "Task failed to start: CannotPullContainerError",
  ],
])("why it ended: %j", (more, reason) => {
  expect(seen({ lastStatus: "STOPPED", ...more }).stoppedReason).toBe(reason);
});
