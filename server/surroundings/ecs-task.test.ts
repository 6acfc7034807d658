import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock, VirtualClock } from "../clock.ts";
import { askEcsTask, type EcsTask, EcsTaskUnknown, METADATA_TIMEOUT_MS, readEcsTask } from "./ecs-task.ts";

/** As AWS documents it for Fargate, without what nobody here reads. */
const documented = {
  Cluster: "arn:aws:ecs:us-west-2:111122223333:cluster/default",
  TaskARN: "arn:aws:ecs:us-west-2:111122223333:task/default/e9028f8d5d8e4f258373e7b93ce9a3c3",
  Family: "curltest",
  Revision: "3",
  DesiredStatus: "RUNNING",
  AvailabilityZone: "us-west-2d",
  Containers: [
    { Name: "pause", Networks: [] },
    {
      Name: "curl",
      Networks: [{ NetworkMode: "awsvpc", IPv4Addresses: ["192.0.2.3"], MACAddress: "0a:de:f6:10:51:e5" }],
    },
  ],
};
const task: EcsTask = { id: "e9028f8d5d8e", host: "192.0.2.3", revision: 3, availabilityZone: "us-west-2d" };

let endpoint: Server;
let uri: string;
let answers: [status: number, body: unknown][];
let asked: string[];

beforeEach(async () => {
  asked = [];
  endpoint = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [status, body] = answers.length > 1 ? answers.shift()! : answers[0]!;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(endpoint, "listening");
  uri = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v4/e9028f8d5d8e4f258373e7b93ce9a3c3-2495160603`;
});

afterEach(() => {
  endpoint.closeAllConnections();
  endpoint.close();
});

it("a server on ECS learns from the documented answer which task it is, and where", async () => {
  answers = [[200, documented]];
  expect(await askEcsTask({ uri, clock: systemClock, fetch })).toEqual(task);
  expect(asked).toEqual(["GET /v4/e9028f8d5d8e4f258373e7b93ce9a3c3-2495160603/task"]);
});

it("asks again while the endpoint is busy, or does not know the network yet", async () => {
  answers = [
    [500, { message: "not yet" }],
    [200, { ...documented, Containers: [{ Name: "pause" }] }],
    [200, documented],
  ];
  expect(await askEcsTask({ uri, clock: systemClock, fetch })).toEqual(task);
  expect(asked).toHaveLength(3);
});

it("gives up after five seconds, with a sentence that says why", async () => {
  const clock = new VirtualClock();
  const refuse = async () => {
    throw new Error("connect ECONNREFUSED 169.254.170.2:80");
  };
  const outcome = askEcsTask({ uri: "http://169.254.170.2/v4/x", clock, fetch: refuse }).catch((error) => error);
  await clock.advance(METADATA_TIMEOUT_MS);
  const error = await outcome;
  expect(error).toBeInstanceOf(EcsTaskUnknown);
  expect(error.message).toBe(
    "cannot learn from http://169.254.170.2/v4/x/task which task this is: connect ECONNREFUSED 169.254.170.2:80",
  );
});

it("does not wait for an endpoint that takes a question and never answers", { timeout: 20_000 }, async () => {
  endpoint.removeAllListeners("request");
  await expect(askEcsTask({ uri, clock: systemClock, fetch })).rejects.toThrow(
    /which task this is: .*(timeout|aborted)/,
  );
});

it.each([
  ["no task", { ...documented, TaskARN: undefined }, "no usable TaskARN"],
  [
    "a task that is none",
    { ...documented, TaskARN: "arn:aws:ecs:us-west-2:111122223333:cluster/x" },
    "no usable TaskARN",
  ],
  ["a revision that is none", { ...documented, Revision: "latest" }, "no usable Revision"],
  ["no containers", { ...documented, Containers: undefined }, "no usable Containers"],
  ["no address", { ...documented, Containers: [] }, "no IPv4 address yet"],
  ["nothing", null, "no usable content"],
])("an answer with %s is refused by name", (_what, said, why) => {
  expect(readEcsTask(said)).toContain(why);
});

it("a task has no availability zone where ECS does not say it", () => {
  expect(readEcsTask({ ...documented, AvailabilityZone: undefined })).toEqual({ ...task, availabilityZone: undefined });
});
