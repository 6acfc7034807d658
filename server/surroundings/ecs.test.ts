// A real server process in what it takes for a task of ECS.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startRedis, type TestRedis } from "../cluster/redis-for-tests.ts";
import { RawClient } from "../gateway/server-for-tests.ts";
import { runToEnd, type ServerProcess, startServerProcess } from "../server-process-for-tests.ts";
import { type EcsAgentStub, startEcsAgentStub } from "./ecs-agent-stub-for-tests.ts";

const OPERATOR_TOKEN = "an operator's token of thirty-two characters";
const SECRET = "a secret of at least thirty-two characters";
const WAIT = { timeout: 30_000, interval: 50 };
const metadata = (id: string, revision: number) => ({
  TaskARN: `arn:aws:ecs:eu-west-1:111122223333:task/tidegate/${id}`,
  ...{ Revision: `${revision}`, AvailabilityZone: "eu-west-1a" },
  Containers: [{ Networks: [{ NetworkMode: "awsvpc", IPv4Addresses: ["10.0.1.17"] }] }],
});

let redis: TestRedis;
let agents: EcsAgentStub[];
let servers: ServerProcess[];
const endpoint = createServer((request, response) => {
  const [, id = "", path] = (request.url ?? "").split("/");
  response.writeHead(path === "task" ? 200 : 404).end(JSON.stringify(metadata(id, 7)));
});

beforeEach(async () => {
  [agents, servers] = [[], []];
  redis = await startRedis();
  endpoint.listen(0, "127.0.0.1");
  await once(endpoint, "listening");
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.end("SIGKILL")));
  for (const agent of agents) agent.close();
  endpoint.closeAllConnections();
  endpoint.close();
  await redis.kill();
});

const uriOf = (id: string) => `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/${id}`;

async function startTask(id: string, environment: Record<string, string> = {}) {
  const agent = await startEcsAgentStub();
  agents.push(agent);
  const server = await startServerProcess(undefined, redis.url, {
    ...{ HOST: "0.0.0.0", ECS_CONTAINER_METADATA_URI_V4: uriOf(id), ECS_AGENT_URI: agent.uri, OPERATOR_TOKEN },
    ...environment,
  });
  servers.push(server);
  await expect.poll(async () => (await fetch(`${server.http}/readyz`)).ok, WAIT).toBe(true);
  return { agent, server };
}

async function fleet(server: ServerProcess): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${server.http}/fleetz`, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  return (await answer.json()).servers;
}

it("tasks of ECS know who they are, tell the operator, and are protected while they have players", {
  timeout: 90_000,
}, async () => {
  const old = await startTask("aaaaaaaaaaaa11111111111111111111");
  const port = new URL(old.server.http).port;
  const ann = await RawClient.introduced(old.server.url);
  await ann.ask("join", { name: "Ann" });
  await expect
    .poll(() => fleet(old.server), WAIT)
    .toEqual([
      {
        ...{ id: "aaaaaaaaaaaa", version: "dev", generation: 1, state: "ready", players: 1, rooms: 1, arrived: 0 },
        address: `10.0.1.17:${port}`,
      },
    ]);
  // It is the only one, and so the emptiest: a scale-in may have it.
  expect(old.agent.asked).toEqual([]);

  const next = await startTask("bbbbbbbbbbbb22222222222222222222", { GENERATION: "2" });
  await expect.poll(() => old.agent.isProtected, WAIT).toBe(true);
  expect(next.agent.asked).toEqual([]);

  void old.server.end("SIGTERM");
  await expect.poll(() => old.agent.isProtected, WAIT).toBe(false);
  ann.socket.terminate();
  expect(await old.server.exited).toBe(0);
  await expect.poll(async () => (await fleet(next.server)).map(({ id }) => id), WAIT).toEqual(["bbbbbbbbbbbb"]);
});

it("a task whose metadata cannot be had says so in one sentence, and ends with code 1", {
  timeout: 60_000,
}, async () => {
  const uri = "http://127.0.0.1:1/v4/x";
  const environment = { REDIS_URL: redis.url, SESSION_SECRET: SECRET, ECS_CONTAINER_METADATA_URI_V4: uri };
  const { code, stderr } = await runToEnd(environment);
  expect(code).toBe(1);
  expect(stderr.trim()).toMatch(/^cannot learn from http:\/\/127\.0\.0\.1:1\/v4\/x\/task which task this is: .+$/);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
