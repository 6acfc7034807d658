// What `status` shows of the stand-in for ECS, and of servers that tell of themselves through a real HTTP door.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFleetz } from "./fleetz.ts";
import { readStatus, statusText } from "./status.ts";
import { RolloutOnModel } from "./testing/rollout-on-model.ts";

const TOKEN = "the operator's";
let server: Server;
let url: string;
let answer: { readonly status: number; readonly body: string };

beforeEach(async () => {
  answer = { status: 200, body: JSON.stringify({ servers: [] }) };
  server = createServer((request, response) => {
    const isOperator = request.headers.authorization === `Bearer ${TOKEN}` && request.url === "/fleetz";
    response.writeHead(isOperator ? answer.status : 401).end(isOperator ? answer.body : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const fleet = (...ids: string[]) =>
  JSON.stringify({
    servers: ids.map((id) => ({
      ...{ id, version: "v1", generation: 1, state: "ready", players: 7, rooms: 2, arrived: 1, address: "x" },
    })),
  });

test("servers tell of themselves to who has the token", async () => {
  answer = { status: 200, body: fleet("a") };
  const words = { state: "ready", players: 7, rooms: 2, arrived: 1 };
  expect(await readFleetz({ url, token: TOKEN })).toEqual(new Map([["a", expect.objectContaining(words)]]));
  expect(await readFleetz({ url, token: "wrong" })).toEqual(new Map());
});

test.each([
  ["an error", 503, "{}"],
  ["something else", 200, '{"servers":[{"id":"a"}]}'],
  ["no JSON", 200, "<html>"],
])("%s in its place tells nothing, and stops nobody", async (_, status, body) => {
  answer = { status, body };
  expect(await readFleetz({ url, token: TOKEN })).toEqual(new Map());
});

test("status shows each server as ECS, the load balancer and itself see it, and what is under way", async () => {
  const region = new RolloutOnModel(2);
  await region.start();
  const place = { ...region.place(), url, token: TOKEN };
  const ids = region.model.state.tasks.map(({ arn }) => arn.split("/").at(-1)!.slice(0, 12));
  answer = { status: 200, body: fleet(ids[0]!) };
  const rollout = await region.open("rolling", { bake: 600 });
  void rollout.run().catch(() => {});
  await region.clock.advance(20_000);
  const status = await readStatus(place, region.model);
  region.model.close();
  expect(status).toMatchObject({ region: "eu", desired: 2, deployment: "IN_PROGRESS" });
  expect(status.servers.map((one) => `${one.version} ${one.status} ${one.target} ${one.says?.players}`)).toEqual([
    ...["v1 RUNNING healthy 7", "v1 RUNNING healthy undefined"],
    ...["v2 PENDING unused undefined", "v2 PENDING unused undefined"],
  ]);
  const text = statusText("https://play.example.org", [status]);
  expect(text).toContain("Play at https://play.example.org");
  expect(text).toContain("4 of 2 servers, a deployment is under way (IN_PROGRESS)");
  expect(text).toMatch(/v1 +1 +RUNNING +healthy +ready +7 +2/);
});
