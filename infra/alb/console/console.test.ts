import { request } from "node:http";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { startApi } from "../testing/api.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { freePort } from "../testing/free-port.ts";
import { handshake, rawClient } from "../testing/raw-client.ts";
import { ok, rawTarget, switching } from "../testing/raw-target.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { bundlePage } from "./bundle.ts";
import { type ConsoleState, metricKeys, stateVersion } from "./state.ts";

const keep = closeAfterEach();

async function setUp() {
  const clock = new VirtualClock(Date.now());
  const api = keep(await startApi({ clock }));
  const state = async (after = 0) => {
    clock.advance(limits.consoleStateMs);
    return (await (await fetch(`${api.url}/console/state?after=${after}`)).json()) as ConsoleState;
  };
  return { api, clock, state, send: api.client.send.bind(api.client) };
}

/** With headers that `fetch` does not let through. */
const statusOf = (url: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on("error", reject)
      .end();
  });

test("ALB-87: GET / is the page, which may load nothing from elsewhere and run nothing inline", async () => {
  const { api } = await setUp();
  const answer = await fetch(`${api.url}/`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
  const policy = answer.headers.get("content-security-policy");
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(policy).not.toMatch(/unsafe|http|\*/);
  const text = await answer.text();
  const named = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]!);
  expect(named.length).toBeGreaterThan(0);
  for (const path of named) {
    expect(path).toMatch(/^\/console\//);
    const part = await fetch(`${api.url}${path}`);
    expect(part.status).toBe(200);
    expect(part.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await part.text()).length).toBeGreaterThan(100);
  }
});

test("ALB-87: script and style sheet name no other host", async () => {
  const { script, style } = await bundlePage();
  // What libraries say about themselves stands in comments; namespaces are names, nothing is loaded from there.
  const code = script.replace(/\/\*[\s\S]*?\*\/|\/\/ .*$/gm, "").replaceAll(/http:\/\/www\.w3\.org\/[\w/]*/g, "");
  expect(code).not.toMatch(/https?:\/\//);
  expect(style).not.toMatch(/https?:\/\/|@import/);
});

test("ALB-88: the document tells of balancers, targets, WebSockets and a drain, each second anew", async () => {
  const { clock, state, send } = await setUp();
  const empty = await state();
  expect(empty).toMatchObject({ version: stateVersion, loadBalancers: [], targetGroups: [], events: [] });
  expect(Object.keys(empty.charts.metrics)).toEqual([...metricKeys]);

  const target = keep(await rawTarget());
  const lb = (await send(new CreateLoadBalancerCommand({ Name: "lb" }))).LoadBalancers![0]!;
  const create = new CreateTargetGroupCommand({ Name: "g", Protocol: "HTTP", Port: 80, TargetType: "ip" });
  const TargetGroupArn = (await send(create)).TargetGroups![0]!.TargetGroupArn!;
  const which = { TargetGroupArn, Targets: [{ Id: "127.0.0.1", Port: target.port }] };
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "40" }];
  await send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  await send(new RegisterTargetsCommand(which));
  const Port = await freePort();
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
  await send(
    new CreateListenerCommand({ LoadBalancerArn: lb.LoadBalancerArn, Protocol: "HTTP", Port, DefaultActions }),
  );
  clock.advance(0);
  const check = await target.next();
  await check.until("ELB-HealthChecker/2.0");
  check.send(ok("up"));
  const health = async () =>
    (await send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions!;
  while ((await health())[0]?.TargetHealth?.State !== "healthy") await new Promise(setImmediate);
  const only = async () => (await state()).targetGroups[0]!.targets[0]!;

  const client = keep(rawClient(Port));
  client.send(handshake("/room"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(switching);
  await client.until("\r\n\r\n");
  expect(await only()).toMatchObject({ webSockets: 1, outstanding: 1 });
  const { connections, loadBalancers } = await state();
  expect(connections).toMatchObject({ total: 1, byKind: { ws: 1 } });
  expect(connections.newest[0]).toMatchObject({ kind: "ws", target: `127.0.0.1:${target.port}` });
  expect(loadBalancers[0]?.listeners[0]).toMatchObject({ port: Port, connections: 1 });

  await send(new DeregisterTargetsCommand(which));
  clock.advance(20_000);
  const leaving = await only();
  expect(leaving).toMatchObject({ state: "draining", webSockets: 1 });
  expect(leaving.drain!.endsAtMs - leaving.drain!.startedAtMs).toBe(40_000);
  clock.advance(20_000);
  await Promise.all([client.ended, server.ended]);
  client.close();
  server.socket.destroy();
  while ((await state()).connections.total > 0) await new Promise(setImmediate);
  // A whole second without WebSockets, sampled and over.
  clock.advance(2_000);
  const { events, charts, targetGroups } = await state();
  expect(targetGroups[0]?.targets).toEqual([]);
  expect(events.map(({ to }) => to)).toEqual([undefined, "draining", "healthy", "initial", "unused"]);
  expect(charts.seconds).toBe(limits.keptMetricSeconds);
  const [series] = charts.webSockets;
  expect(series?.target).toBe(`127.0.0.1:${target.port}`);
  expect(series?.values).toContain(1);
  expect(series?.values.at(-1)).toBe(0);
});

test("ALB-88: charts bring the seconds behind the one that the page has, and never more than are kept", async () => {
  const { clock, state } = await setUp();
  clock.advance(60_000);
  const { charts } = await state();
  const last = charts.firstSecond + charts.seconds - 1;
  expect(charts.seconds).toBe(limits.keptMetricSeconds);
  for (const key of metricKeys) expect(charts.metrics[key]).toHaveLength(charts.seconds);
  clock.advance(3_000);
  const next = (await state(last)).charts;
  expect(next.firstSecond).toBe(last + 1);
  expect(next.metrics.RequestCount).toHaveLength(next.seconds);
  expect(next.seconds).toBeLessThan(5);
  for (const strange of [Number.NaN, -1, 1e300]) {
    expect((await state(strange)).charts.seconds).toBeLessThanOrEqual(limits.keptMetricSeconds);
  }
});

test("ALB-88: pages that ask at the same moment get one and the same look", async () => {
  const { api, state, send } = await setUp();
  const before = await state();
  await send(new CreateLoadBalancerCommand({ Name: "lb" }));
  const meanwhile = (await (await fetch(`${api.url}/console/state`)).json()) as ConsoleState;
  expect(meanwhile.nowMs).toBe(before.nowMs);
  expect((await state()).loadBalancers).toHaveLength(1);
});

test("ALB-87: the console is for this machine only, reads only, and has no other pages", async () => {
  const { api } = await setUp();
  for (const path of ["/", "/console/state", "/console/main.js"]) {
    expect(await statusOf(`${api.url}${path}`, { host: "rebound.example" })).toBe(403);
    expect(await statusOf(`${api.url}${path}`, { origin: "https://elsewhere.example" })).toBe(403);
  }
  expect((await fetch(`${api.url}/console/state`, { method: "POST" })).status).toBe(404);
  for (const path of ["/console/", "/console/main.ts", "/console/..%2fserver.ts", "/console/page/main.ts", "/x"]) {
    expect((await fetch(`${api.url}${path}`)).status).toBe(404);
  }
});

test("ALB-89: the API answers GET as well, but never to a browser, which any site can make send one", async () => {
  const { api } = await setUp();
  const call = `${api.url}/?Action=CreateLoadBalancer&Version=2015-12-01&Name=lb`;
  for (const site of ["cross-site", "same-site", "same-origin", "none"]) {
    expect(await statusOf(call, { "sec-fetch-site": site })).toBe(403);
  }
  const describe = `${api.url}/?Action=DescribeLoadBalancers&Version=2015-12-01`;
  const raw = () =>
    new Promise<string>((resolve, reject) => {
      request(describe, async (response) => resolve((await response.toArray()).join("")))
        .on("error", reject)
        .end();
    });
  expect(await raw()).toMatch(/<DescribeLoadBalancersResponse.*<LoadBalancers\/?>/s);
  expect(await statusOf(call, {})).toBe(200);
  expect(await raw()).toContain("<LoadBalancerName>lb</LoadBalancerName>");
});
