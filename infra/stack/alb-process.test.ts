// The agent, the topology and the real load balancer together, with a tiny server in the place of the game.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Agent } from "./agent.ts";
import { type AlbProcess, startAlb } from "./alb-process.ts";
import { localCloudWatchClient, metricReader } from "./autoscale/metric-reader.ts";
import { type Child, endChild } from "./child.ts";
import { systemClock } from "./clock.ts";
import { elbPort, localElbClient } from "./elb.ts";
import { type Environment, readEnvironment, repositoryRoot } from "./environment.ts";
import { type Home, makeHome } from "./home.ts";
import { setUpLoadBalancer } from "./load-balancer.ts";
import { MetricForwarder, putMetrics } from "./metrics/metric-forwarder.ts";
import { ProcessPlatform } from "./platforms/process.ts";
import { freePort } from "./ports.ts";
import { replacementPolicy } from "./replacement.ts";
import { topology } from "./topology.ts";

const START_TIMEOUT_MS = 60_000;
const delays = { ...topology.delays.local, deregistrationDelaySeconds: 1 };

const SERVER = `
  const server = require("node:http").createServer((request, response) => response.end(process.env.SERVER_ID));
  server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ event: "listening", port: server.address().port })));
`;

let home: Home;
let environment: Environment;
let alb: AlbProcess;
let agent: Agent;
const children: Child[] = [];

beforeAll(async () => {
  home = makeHome(mkdtempSync(join(tmpdir(), "tg-")));
  const ports = { HTTPS_PORT: await freePort(), HTTP_PORT: await freePort(), CONTROL_PORT: await freePort() };
  environment = readEnvironment({
    TIDEGATE_HOME: home.path,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
  });
  alb = await startAlb(repositoryRoot, environment, home, (child) => children.push(child));
  const client = localElbClient(alb.ready.control);
  const listeners = { https: environment.httpsPort, http: environment.httpPort };
  const { targetGroupArn } = await setUpLoadBalancer(client, listeners, alb.ready.certificateArn, delays);
  agent = new Agent({
    platform: tinyServers(),
    elb: elbPort(client),
    targetGroupArn,
    date: () => new Date(),
    clock: systemClock,
    limits: {
      healthyTimeoutMs: START_TIMEOUT_MS,
      deregistrationDelayMs: delays.deregistrationDelaySeconds * 1000,
      stopTimeoutMs: 5_000,
      replacement: replacementPolicy,
    },
    taskId: (number) => `s${number}`,
    onChange: () => {},
    say: () => {},
  });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await agent?.close();
  await Promise.all(children.map((child) => endChild(child, 5_000, systemClock)));
  rmSync(home.path, { recursive: true, force: true });
});

const tinyServers = () =>
  new ProcessPlatform({
    command: process.execPath,
    args: () => ["-e", SERVER],
    cwd: repositoryRoot,
    host: topology.local.host,
    environment: (spec) => ({ ...process.env, SERVER_ID: spec.id }),
    logFile: home.log,
    onSpawn: (child) => children.push(child),
  });

test("tasks become healthy targets that HTTPS reaches in turn, and plain HTTP is redirected", async () => {
  const start = () => agent.startTask({ version: "v1", generation: 1 }).running;
  await Promise.all([start(), start()]);
  expect(agent.tasks().map((task) => task.status)).toEqual(["RUNNING", "RUNNING"]);
  expect([await getHttps(), await getHttps()].sort()).toEqual(["s1", "s2"]);
  expect(await getHttp("/a?b=1")).toEqual({
    status: 301,
    location: `https://localhost:${environment.httpsPort}/a?b=1`,
  });
});

test("what servers tell of themselves for inside is not found from outside, whatever is asked beside it", async () => {
  const inside = ["/statusz", "/metrics", "/statusz?x=/fleetz"];
  expect(await Promise.all(inside.map(getHttps))).toEqual(inside.map(() => "Not found\n"));
  expect(["s1", "s2"]).toContain(await getHttps("/fleetz"));
});

test("a stopped task gets no request any more, and its process ends after the delay", async () => {
  const stopped = agent.retire(["s1"]);
  expect(agent.tasks()[0]?.status).toBe("DEACTIVATING");
  await expect.poll(() => Promise.all([getHttps(), getHttps()])).toEqual(["s2", "s2"]);
  await stopped;
  expect(agent.tasks()[0]?.status).toBe("STOPPED");
});

test("what servers write of their players comes out as their average, with the number of servers", async () => {
  const client = localCloudWatchClient(alb.ready.control);
  const periodMs = 5_000;
  const atMs = Math.floor(Date.now() / periodMs) * periodMs - periodMs;
  const { namespace, name, dimensions } = topology.autoscaling.metric;
  const metric = { Name: name, Unit: "Count", StorageResolution: 1 };
  const directive = { Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: [metric] };
  const _aws = { Timestamp: atMs, CloudWatchMetrics: [directive] };
  const forwarder = new MetricForwarder({ put: putMetrics(client), clock: systemClock, say: () => {} });
  for (const players of [4, 8]) forwarder.line(JSON.stringify({ _aws, ...dimensions, server: "s1", [name]: players }));
  const reader = metricReader(client);
  const read = () => reader.read(new Date(atMs + periodMs), periodMs / 1_000, 2);
  await expect.poll(read, { timeout: 5_000 }).toEqual([undefined, { value: 6, servers: 2 }]);
  forwarder.close();
  client.destroy();
});

test("a second load balancer on the same control port is refused in one sentence", async () => {
  const other = makeHome(join(home.path, "other"));
  await expect(startAlb(repositoryRoot, environment, other, (child) => children.push(child))).rejects.toThrow(
    /^The load balancer ended while it started \(exit code 1\): .*in use/,
  );
});

function getHttps(path = "/"): Promise<string> {
  const ca = readFileSync(alb.ready.ca);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "localhost", port: environment.httpsPort, path, ca, agent: false },
      async (response) => {
        resolve(Buffer.concat(await response.toArray()).toString());
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
}

function getHttp(path: string): Promise<{ status: number | undefined; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    const outgoing = requestHttp({ host: "localhost", port: environment.httpPort, path, agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, location: response.headers.location });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
