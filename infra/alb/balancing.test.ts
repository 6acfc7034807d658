// Balancing through a whole load balancer, from the API's attributes to the targets, on a virtual clock.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { parseConfig } from "./config/config-file.ts";
import { defaultSwitches, type Switches } from "./switches.ts";
import { startApi } from "./testing/api.ts";
import { closeAfterEach } from "./testing/cleanup.ts";
import { freePort } from "./testing/free-port.ts";
import { namedTarget } from "./testing/named-target.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

const keep = closeAfterEach();

async function setUp(attributes: Record<string, string>, switches: Partial<Switches> = {}) {
  const clock = new VirtualClock(Date.now());
  const api = keep(await startApi({ clock, switches: { ...defaultSwitches, ...switches } }));
  const send = api.client.send.bind(api.client);
  const { LoadBalancers = [] } = await send(new CreateLoadBalancerCommand({ Name: "lb" }));
  const { LoadBalancerArn } = LoadBalancers[0]!;
  const { TargetGroups = [] } = await send(
    new CreateTargetGroupCommand({
      ...{ Name: "g", Protocol: "HTTP", Port: 80, TargetType: "ip" },
      // No check falls due, and runs out of its time, while a test moves the clock.
      HealthCheckIntervalSeconds: 300,
    }),
  );
  const { TargetGroupArn } = TargetGroups[0]!;
  const Attributes = Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
  if (Attributes.length > 0) await send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  const port = await freePort();
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
  await send(new CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: port, DefaultActions }));
  const health = async () =>
    (await send(new DescribeTargetHealthCommand({ TargetGroupArn, Include: ["AnomalyDetection"] })))
      .TargetHealthDescriptions ?? [];
  const which = (...ports: number[]) => ({ TargetGroupArn, Targets: ports.map((Port) => ({ Id: "127.0.0.1", Port })) });
  return {
    ...{ api, clock, health },
    register: (...ports: number[]) => send(new RegisterTargetsCommand(which(...ports))),
    deregister: (...ports: number[]) => send(new DeregisterTargetsCommand(which(...ports))),
    /** Lets due checks run until every target that is not draining is healthy. */
    async healthy() {
      for (;;) {
        clock.advance(0);
        const states = (await health()).map((each) => each.TargetHealth?.State);
        if (states.every((each) => each === "healthy" || each === "draining")) return;
      }
    },
    async ask(headers: Record<string, string> = {}) {
      const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { ...headers, connection: "close" } });
      const cookies = response.headers.getSetCookie().map((each) => each.split(";")[0]);
      return { status: response.status, name: await response.text(), cookie: cookies.join("; ") };
    },
  };
}

const count = (names: readonly string[], name: string) => names.filter((each) => each === name).length;

test("ALB-65: a target registered later gets a growing share of the requests", async () => {
  const { clock, register, healthy, ask } = await setUp({ "slow_start.duration_seconds": "100" });
  const [one, two] = [keep(await namedTarget("one")), keep(await namedTarget("two"))];
  await register(one.port);
  await healthy();
  await register(two.port);
  await healthy();
  const of40 = async () => {
    const names: string[] = [];
    for (let i = 0; i < 40; i++) names.push((await ask()).name);
    return count(names, "two");
  };
  expect(await of40()).toBe(0);
  clock.advance(50_000);
  expect(Math.abs((await of40()) - 40 / 3)).toBeLessThan(2);
  clock.advance(50_000);
  expect(await of40()).toBe(20);
});

test("ALB-67: DescribeTargetHealth tells which target is anomalous, and that it is being spared", async () => {
  const { clock, register, healthy, ask, health } = await setUp({
    "load_balancing.algorithm.type": "weighted_random",
    "load_balancing.algorithm.anomaly_mitigation": "on",
  });
  let ill = false;
  const status = () => (ill ? 500 : 200);
  const targets = [
    keep(await namedTarget("one")),
    keep(await namedTarget("two")),
    keep(await namedTarget("ill", { status })),
  ];
  await register(...targets.map((each) => each.port));
  await healthy();
  ill = true;
  for (let i = 0; i < 150; i++) await ask();
  clock.advance(5_000);
  ill = false;
  const found = (await health()).map((each) => [each.Target?.Port, each.AnomalyDetection]);
  expect(Object.fromEntries(found)).toEqual({
    [targets[0]!.port]: { Result: "normal", MitigationInEffect: "no" },
    [targets[1]!.port]: { Result: "normal", MitigationInEffect: "no" },
    [targets[2]!.port]: { Result: "anomalous", MitigationInEffect: "yes" },
  });
});

test("ALB-68: with a lag a new target is initial at first, and a draining one still gets requests for a while", async () => {
  const { clock, register, deregister, healthy, ask, health } = await setUp({}, { propagationLagSeconds: [10, 10] });
  const one = keep(await namedTarget("one"));
  await register(one.port);
  clock.advance(9_999);
  expect((await health())[0]?.TargetHealth).toMatchObject({ State: "initial", Reason: "Elb.RegistrationInProgress" });
  expect((await ask()).status).toBe(503);
  clock.advance(1);
  await healthy();
  expect((await ask()).name).toBe("one");
  await deregister(one.port);
  clock.advance(9_999);
  expect((await health())[0]?.TargetHealth?.State).toBe("draining");
  expect((await ask()).name).toBe("one");
  clock.advance(1);
  expect((await ask()).status).toBe(503);
  clock.advance(290_000);
  expect(await health()).toEqual([]);
});

test("ALB-61: routeToInitial sends requests to a group in which nothing has been checked yet", async () => {
  for (const routeToInitial of [true, false]) {
    const { register, ask } = await setUp({}, { routeToInitial });
    const one = keep(await namedTarget("one"));
    await register(one.port);
    expect((await ask()).status).toBe(routeToInitial ? 200 : 503);
  }
});

test("ALB-69: NonStickyRequestCount counts the requests that no cookie led to their target", async () => {
  const { api, register, healthy, ask } = await setUp({ "stickiness.enabled": "true" });
  const [one, two] = [keep(await namedTarget("one")), keep(await namedTarget("two"))];
  await register(one.port, two.port);
  await healthy();
  const { cookie, name } = await ask();
  for (let i = 0; i < 3; i++) expect((await ask({ cookie })).name).toBe(name);
  await ask({ cookie: "AWSALB=nonsense" });
  const page = await (await fetch(`${api.url}/metrics`)).text();
  const total = (metric: string) =>
    [...page.matchAll(new RegExp(`^${metric}\\{.*TargetGroup="targetgroup.*\\} (\\d+)$`, "gm"))].map((each) => each[1]);
  expect(total("NonStickyRequestCount")).toEqual(["2"]);
  expect(total("RequestCount")).toEqual(["5"]);
});

test("ALB-62: a restart with the same config file and home unsticks nobody", async () => {
  const home = await mkdtemp(join(tmpdir(), "alb-sticky-"));
  keep({ close: () => rm(home, { recursive: true, force: true }) });
  const [one, two] = [keep(await namedTarget("one")), keep(await namedTarget("two"))];
  const port = await freePort();
  const file = {
    LoadBalancers: [
      {
        Name: "lb",
        Listeners: [{ Protocol: "HTTP", Port: port, DefaultActions: [{ Type: "forward", TargetGroupName: "app" }] }],
      },
    ],
    TargetGroups: [
      {
        ...{ Name: "app", Protocol: "HTTP", Port: 80 },
        Attributes: [{ Key: "stickiness.enabled", Value: "true" }],
        Targets: [one.port, two.port].map((Port) => ({ Id: "127.0.0.1", Port })),
      },
    ],
  };
  // Nothing has to be checked first.
  const switches = { ...defaultSwitches, routeToInitial: true };
  let cookie = "";
  const names = new Set<string>();
  for (let life = 0; life < 3; life++) {
    const api = await startApi({ clock: new VirtualClock(Date.now()), home, switches });
    try {
      await api.declare(parseConfig(JSON.stringify(file), home));
      for (let i = 0; i < 3; i++) {
        const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie, connection: "close" } });
        names.add(await response.text());
        cookie = response.headers.getSetCookie()[0]!.split(";")[0]!;
      }
    } finally {
      await api.close();
    }
  }
  expect(names.size).toBe(1);
});
