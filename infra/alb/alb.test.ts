import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ModifyLoadBalancerAttributesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import type { LogSink } from "./telemetry/log-file.ts";
import { startApi } from "./testing/api.ts";
import { closeAfterEach } from "./testing/cleanup.ts";
import { freePort } from "./testing/free-port.ts";
import { handshake, rawClient } from "./testing/raw-client.ts";
import { ok, rawTarget, switching } from "./testing/raw-target.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

const keep = closeAfterEach();

/** A load balancer with one healthy target in one group, on AWS's own delays and a virtual clock. */
async function setUp() {
  const clock = new VirtualClock(Date.now());
  const lines: string[] = [];
  const accessLog: LogSink = { dropped: 0, line: (text) => lines.push(text), close: async () => {} };
  const api = keep(await startApi({ clock, accessLog }));
  const send = api.client.send.bind(api.client);
  const target = keep(await rawTarget());
  const lb = (await send(new CreateLoadBalancerCommand({ Name: "lb" }))).LoadBalancers![0]!;
  await send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: lb.LoadBalancerArn,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "4000" }],
    }),
  );
  const group = new CreateTargetGroupCommand({ Name: "g", Protocol: "HTTP", Port: 80, TargetType: "ip" });
  const TargetGroupArn = (await send(group)).TargetGroups![0]!.TargetGroupArn;
  const which = { TargetGroupArn, Targets: [{ Id: "127.0.0.1", Port: target.port }] };
  await send(new RegisterTargetsCommand(which));
  const port = await freePort();
  await send(
    new CreateListenerCommand({
      ...{ LoadBalancerArn: lb.LoadBalancerArn, Protocol: "HTTP", Port: port },
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  clock.advance(0);
  const check = await target.next();
  await check.until("ELB-HealthChecker/2.0");
  const states = async () =>
    (await send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions!.map(
      (each) => each.TargetHealth?.State,
    );
  return { api, send, clock, lines, target, which, port, check, states };
}

test("ALB-52: a target gets its first request after its first passed check, and not before", async () => {
  const { port, target, check, states } = await setUp();
  const early = keep(rawClient(port));
  early.send("GET /early HTTP/1.1\r\nHost: x\r\n\r\n");
  await early.until("503 Service Temporarily Unavailable");
  expect(await states()).toEqual(["initial"]);
  check.send(ok("up"));
  await check.ended;
  while ((await states())[0] !== "healthy") await new Promise(setImmediate);
  early.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  await (await target.next()).until("GET /later");
});

test("ALB-58: a draining target keeps its WebSockets for the whole delay, then they are cut and it is gone", async () => {
  const { api, send, clock, lines, port, target, which, check, states } = await setUp();
  check.send(ok("up"));
  while ((await states())[0] !== "healthy") await new Promise(setImmediate);
  const client = keep(rawClient(port));
  client.send(handshake("/room"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(switching);
  await client.until("\r\n\r\n");

  await send(new DeregisterTargetsCommand(which));
  expect(await states()).toEqual(["draining"]);
  const other = keep(rawClient(port));
  other.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await other.until("503 Service Temporarily Unavailable");
  clock.advance(299_999);
  expect(await states()).toEqual(["draining"]);
  client.send("still sailing");
  await server.until("still sailing");
  expect(await (await fetch(`${api.url}/metrics`)).text()).toMatch(/ActiveWebSocketCount\{.*\} 1\n/);

  clock.advance(1);
  await Promise.all([client.ended, server.ended]);
  expect(await states()).toEqual([]);
  client.close();
  server.socket.destroy();
  while (!lines.some((line) => line.startsWith("ws "))) await new Promise(setImmediate);
  expect(lines.filter((line) => line.includes("/room"))).toEqual([
    expect.stringMatching(/^ws .* 101 101 \d+ \d+ "GET /),
  ]);
});
