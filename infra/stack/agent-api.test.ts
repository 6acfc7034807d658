import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Agent } from "./agent.ts";
import { type AgentDoor, type StackView, serveAgent } from "./agent-api.ts";
import { agentClient, waitForTasks } from "./agent-client.ts";
import { describeHome, type Home } from "./home.ts";
import { replacementPolicy } from "./replacement.ts";
import { ScriptedWorld } from "./testing/scripted-world.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";
import { topology } from "./topology.ts";

const limits = {
  healthyTimeoutMs: 20_000,
  deregistrationDelayMs: 15_000,
  stopTimeoutMs: 10_000,
  replacement: replacementPolicy,
};

const stack: StackView = {
  https: "https://localhost:8443",
  http: "http://localhost:8080",
  control: "http://127.0.0.1:8400",
  caCertificate: "-----BEGIN CERTIFICATE-----",
  targetGroupArn: "arn:game",
  listenerArn: "arn:listener",
};

let home: Home;
let clock: VirtualClock;
let door: AgentDoor;
let server: Server;

beforeEach(async () => {
  home = describeHome(mkdtempSync(join(tmpdir(), "tg-")));
  clock = new VirtualClock();
  const world = new ScriptedWorld(clock);
  const agent = new Agent({
    platform: world,
    elb: world,
    clock,
    limits,
    targetGroupArn: "arn:game",
    date: () => new Date(clock.nowMs()),
    taskId: (number) => `s${number}`,
    onChange: () => {},
    say: () => {},
  });
  writeFileSync(home.agentSocket, "left by a killed supervisor");
  const statusz = async ({ port }: { port: number }) => (port === 5001 ? { state: "ready", players: 3 } : null);
  door = { agent, describe: () => stack, statusz };
  server = await serveAgent(door, { socketPath: home.agentSocket });
});

afterEach(() => {
  server.close();
  rmSync(home.path, { recursive: true, force: true });
});

test("a task is started, seen, stopped through the socket, which is its owner's only", async () => {
  const client = agentClient(home);
  expect(statSync(home.agentSocket).mode & 0o777).toBe(0o600);
  expect(await client.start({ version: "v2", generation: 5 })).toMatchObject({
    id: "s1",
    status: "PENDING",
    version: "v2",
    generation: 5,
  });
  await clock.advance(1_000);
  expect(await client.tasks()).toMatchObject([
    { id: "s1", status: "RUNNING", address: { host: "127.0.0.1", port: 5001 } },
  ]);
  expect(await client.retire(["s1"])).toMatchObject([{ status: "DEACTIVATING", stoppedReason: "stopped on request" }]);
  await clock.advance(20_000);
  expect(await client.tasks()).toMatchObject([{ id: "s1", status: "STOPPED" }]);
});

test("a task is stopped alone, and its successor is on its way at once", async () => {
  const client = agentClient(home);
  await client.start({ version: "v2", generation: 5 });
  await expect(client.stop("s1")).rejects.toThrow("The task s1 does not run yet.");
  await clock.advance(1_000);
  expect(await client.stop("s1")).toMatchObject({ id: "s1", status: "STOPPING", stoppedReason: "StopTask" });
  expect((await client.tasks()).map((task) => task.status)).toEqual(["STOPPING", "PENDING"]);
  await expect(client.stop("s9")).rejects.toThrow("No task s9 runs here.");
});

test("the stack says where it is", async () => {
  expect(await agentClient(home).stack()).toEqual(stack);
});

test("the agent asks a server what it says of itself, and a server that is silent says nothing", async () => {
  const client = agentClient(home);
  for (const version of ["v1", "v2"]) await client.start({ version, generation: 1 });
  expect(await client.statusz("s1")).toBeNull();
  await clock.advance(1_000);
  expect(await client.statusz("s1")).toEqual({ state: "ready", players: 3 });
  expect(await client.statusz("s2")).toBeNull();
  await expect(client.statusz("s9")).rejects.toThrow("No task s9 runs here.");
});

test("the same door can be at an address", async () => {
  const byAddress = await serveAgent(door, { host: "127.0.0.1", port: 0 });
  const url = new URL(`http://127.0.0.1:${(byAddress.address() as AddressInfo).port}`);
  const client = agentClient(url);
  await client.start({ version: "v2", generation: 5 });
  await clock.advance(1_000);
  expect(await client.statusz("s1")).toEqual({ state: "ready", players: 3 });
  await client.kill("s1");
  await new Promise((resolve) => byAddress.close(resolve));
  await expect(client.tasks()).rejects.toThrow(
    `No stack runs at ${url.origin}: start one with \`docker compose up --build\`.`,
  );
});

test("several tasks are taken out by one request", async () => {
  const client = agentClient(home);
  for (const version of ["v1", "v1", "v2"]) await client.start({ version, generation: 1 });
  await clock.advance(1_000);
  expect(await client.retire(["s1", "s2"])).toMatchObject([
    { id: "s1", status: "DEACTIVATING" },
    { id: "s2", status: "DEACTIVATING" },
  ]);
  await expect(client.retire(["s3", "s9"])).rejects.toThrow("No task s9 runs here.");
  expect((await client.tasks()).map((task) => task.status)).toEqual(["DEACTIVATING", "DEACTIVATING", "RUNNING"]);
});

test("a task may have a target group and variables of its own", async () => {
  const client = agentClient(home);
  const own = { targetGroupArn: "arn:green", environment: { REDIS_URL: "redis://127.0.0.1:1" } };
  expect(await client.start({ version: "v2", generation: 2, ...own })).toMatchObject({ ...own, startedAt: null });
  await client.serveFrom("arn:green");
  expect(await client.start({ version: "v2", generation: 2 })).toMatchObject({ ...own, environment: {} });
  await clock.advance(1_000);
  expect((await client.tasks())[0]?.startedAt).toBe("1970-01-01T00:00:00.100Z");
});

test.each([
  ["a lower-case name", { lower: "x" }, "The body must be"],
  ["a long value", { A: "x".repeat(1_025) }, "The body must be"],
  ["what the agent itself sets", { SERVER_ID: "s1" }, "The environment of a task may not set SERVER_ID."],
  [
    "too many",
    Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`A${index}`, ""])),
    "may set 32 variables at most.",
  ],
])("variables that cannot be are refused: %s", async (_what, environment, sentence) => {
  await expect(agentClient(home).start({ version: "v1", generation: 1, environment })).rejects.toThrow(sentence);
});

test("a killed task is replaced", async () => {
  const client = agentClient(home);
  await client.start({ version: "v1", generation: 1 });
  await clock.advance(1_000);
  await client.kill("s1");
  await clock.advance(5_000);
  expect(await client.tasks()).toMatchObject([
    { id: "s1", status: "STOPPED" },
    { id: "s2", status: "RUNNING" },
  ]);
});

test("who waits for tasks is told when it takes too long", async () => {
  const waiting = waitForTasks(agentClient(home), () => false, "Waiting for nothing", 300, {
    nowMs: () => clock.nowMs(),
    sleep: (ms) => clock.advance(ms),
  });
  await expect(waiting).rejects.toThrow("Waiting for nothing took longer than 0.3 s.");
});

test("an unknown task is refused with the agent's sentence", async () => {
  const client = agentClient(home);
  await expect(client.retire(["s9"])).rejects.toThrow("No task s9 runs here.");
  await expect(client.kill("s9")).rejects.toThrow("No task s9 runs here.");
});

test("a version or generation that cannot be is refused", async () => {
  const client = agentClient(home);
  await expect(client.start({ version: "../v1", generation: 1 })).rejects.toThrow("The body must be");
  await expect(client.start({ version: "v1", generation: 0 })).rejects.toThrow("The body must be");
  expect(await client.tasks()).toEqual([]);
});

test("more tasks than the limit are refused", async () => {
  const client = agentClient(home);
  for (let count = 0; count < topology.service.servers.max; count += 1)
    await client.start({ version: "v1", generation: 1 });
  await expect(client.start({ version: "v1", generation: 1 })).rejects.toThrow(
    "32 tasks run here, and 32 is the limit.",
  );
});

test.each([
  ["GET", "/nothing", "", 404, "no-such-path"],
  ["PUT", "/tasks", "", 404, "no-such-path"],
  ["GET", "/tasks/s1/a/b", "", 404, "no-such-path"],
  ["POST", "/tasks/s1", "", 404, "no-such-path"],
  ["POST", "/tasks/retire", '{"ids":[]}', 400, "bad-request"],
  ["PUT", "/target-group", '{"targetGroupArn":"green"}', 400, "bad-request"],
  ["DELETE", "/tasks/s9", "", 404, "no-such-task"],
  ["POST", "/tasks", "{", 400, "bad-request"],
  ["POST", "/tasks", '{"version":"v1","generation":1,"more":1}', 400, "bad-request"],
])("%s %s with %j gets %i %s", async (method, path, body, status, code) => {
  const answer = await ask(method, path, body);
  expect(answer).toMatchObject({ status, body: { code } });
});

test("a body above the limit is refused", async () => {
  const answer = await ask("POST", "/tasks", "x".repeat(66_000));
  expect(answer).toMatchObject({ status: 413, body: { code: "body-too-large" } });
});

test("without a running stack there is one sentence that says so", async () => {
  const nowhere = agentClient(describeHome("/tmp/tg-nowhere"));
  await expect(nowhere.tasks()).rejects.toThrow("No stack runs in /tmp/tg-nowhere: start one with `npm start`.");
});

test("a stack that is there and does not answer is not called gone", async () => {
  server.close();
  const mute = createServer(() => {});
  await new Promise<void>((resolve) => mute.listen(home.agentSocket, resolve));
  await expect(agentClient(home, 50).tasks()).rejects.toThrow(`The stack in ${home.path} does not answer.`);
  mute.closeAllConnections();
  mute.close();
});

test.each([
  ["a page's request", { origin: "http://127.0.0.1:8401" }, 403, "not-for-pages"],
  ["what a browser fetches for a page", { "sec-fetch-site": "cross-site" }, 403, "not-for-pages"],
  ["a name that is not this machine's", { host: "tidegate.example:8401" }, 403, "not-for-pages"],
  ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415, "not-json"],
  ["a text that begins like JSON's type", { "content-type": "application/jsonp" }, 415, "not-json"],
])("%s is kept out", async (_what, headers, status, code) => {
  const answer = await ask("POST", "/tasks", '{"version":"v1","generation":1}', headers);
  expect(answer).toMatchObject({ status, body: { code } });
  expect(await agentClient(home).tasks()).toEqual([]);
});

test("a name of this machine is let in, with its port and in any case", async () => {
  const host = "LocalHost:8401";
  const type = "application/json; charset=utf-8";
  const answer = await ask("POST", "/tasks", '{"version":"v1","generation":1}', { host, "content-type": type });
  expect(answer.status).toBe(202);
});

function ask(
  method: string,
  path: string,
  body: string,
  more: Record<string, string> = {},
): Promise<{ status: number | undefined; body: unknown }> {
  const headers = { "content-type": "application/json", ...more };
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: home.agentSocket, method, path, headers }, async (response) => {
      const chunks: Buffer[] = await response.toArray();
      resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
