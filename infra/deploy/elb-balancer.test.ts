// The deploy's calls against the real load balancer: what it makes, splits and tells.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Action,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyListenerCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAlb } from "../stack/alb-process.ts";
import { type Child, endChild } from "../stack/child.ts";
import { systemClock } from "../stack/clock.ts";
import { localElbClient } from "../stack/elb.ts";
import { readEnvironment, repositoryRoot } from "../stack/environment.ts";
import { type Home, makeHome } from "../stack/home.ts";
import { setUpLoadBalancer } from "../stack/load-balancer.ts";
import { freePort } from "../stack/ports.ts";
import { topology } from "../stack/topology.ts";
import { elbBalancer } from "./elb-balancer.ts";

const START_TIMEOUT_MS = 60_000;

let home: Home;
let client: ReturnType<typeof localElbClient>;
let blue: string;
let listenerArn: string;
const children: Child[] = [];

beforeAll(async () => {
  home = makeHome(mkdtempSync(join(tmpdir(), "tg-")));
  const environment = readEnvironment({
    TIDEGATE_HOME: home.path,
    HTTPS_PORT: String(await freePort()),
    HTTP_PORT: String(await freePort()),
    CONTROL_PORT: String(await freePort()),
  });
  const { ready } = await startAlb(repositoryRoot, environment, home, (child) => children.push(child));
  client = localElbClient(ready.control);
  const ports = { https: environment.httpsPort, http: environment.httpPort };
  const made = await setUpLoadBalancer(client, ports, ready.certificateArn, topology.delays.local);
  blue = made.targetGroupArn;
  listenerArn = made.listenerArn;
}, START_TIMEOUT_MS);

afterAll(async () => {
  for (const child of children) await endChild(child, 5_000, systemClock);
  client.destroy();
  rmSync(home.path, { recursive: true, force: true });
});

const balancer = () => elbBalancer(client, listenerArn);
const describe = async (arn: string) =>
  (await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }))).TargetGroups?.[0];
const attributes = async (arn: string) =>
  (await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }))).Attributes;

/** Asking for what is there already gives what is there. */
async function somebodysGroup(): Promise<string> {
  const group = { Name: "other", TargetType: "ip", Protocol: "HTTP", Port: 80, VpcId: "vpc-00000000" } as const;
  const { TargetGroups } = await client.send(new CreateTargetGroupCommand(group));
  return TargetGroups![0]!.TargetGroupArn!;
}

test("the two groups take turns, and the idle one has the settings of the one that serves", async () => {
  const green = await balancer().groupBeside(blue);
  expect((await describe(green))?.TargetGroupName).toBe(topology.targetGroups.game.alternateName);
  expect(await balancer().groupBeside(green)).toBe(blue);

  await client.send(new ModifyTargetGroupCommand({ TargetGroupArn: green, HealthCheckPath: "/healthz" }));
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "7" }];
  await client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: green, Attributes }));
  expect(await balancer().groupBeside(green)).toBe(blue);
  const { TargetGroupArn: _, TargetGroupName: __, LoadBalancerArns: ___, ...settings } = (await describe(green))!;
  expect(await describe(blue)).toMatchObject(settings);
  expect(await attributes(blue)).toEqual(await attributes(green));
  expect(await attributes(blue)).toContainEqual(Attributes[0]);
});

test("a split reaches the default action and the rules that forward to the game, and nothing else", async () => {
  const green = await balancer().groupBeside(blue);
  const otherArn = await somebodysGroup();
  const rule = (Priority: number, path: string, TargetGroupArn: string) =>
    client.send(
      new CreateRuleCommand({
        ...{ ListenerArn: listenerArn, Priority },
        Conditions: [{ Field: "path-pattern", Values: [path] }],
        Actions: [{ Type: "forward", TargetGroupArn }],
      }),
    );
  await rule(11, "/game/*", blue);
  await rule(12, "/other/*", otherArn);

  await balancer().forward([
    { targetGroupArn: blue, weight: 80 },
    { targetGroupArn: green, weight: 20 },
  ]);
  const weights = (actions: Action[] = []) => actions[0]?.ForwardConfig?.TargetGroups;
  const split = [
    { TargetGroupArn: blue, Weight: 80 },
    { TargetGroupArn: green, Weight: 20 },
  ];
  const { Listeners } = await client.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }));
  expect(weights(Listeners?.[0]?.DefaultActions)).toEqual(split);
  const { Rules } = await client.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
  expect(weights(Rules?.find(({ Priority }) => Priority === "11")?.Actions)).toEqual(split);
  expect(Rules?.find(({ Priority }) => Priority === "12")?.Actions?.[0]?.TargetGroupArn).toBe(otherArn);
});

test("what a killed deploy has left of a split is taken back, and where there is none nothing is touched", async () => {
  const green = await balancer().groupBeside(blue);
  const weights = async () => {
    const { Listeners } = await client.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }));
    const groups = Listeners?.[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups;
    return groups?.map(({ TargetGroupArn, Weight }) => [TargetGroupArn, Weight]);
  };
  await balancer().forward([
    { targetGroupArn: blue, weight: 80 },
    { targetGroupArn: green, weight: 20 },
  ]);
  await balancer().settle(blue);
  const settled = [
    [blue, 100],
    [green, 0],
  ];
  expect(await weights()).toEqual(settled);
  await balancer().forward([
    { targetGroupArn: blue, weight: 7 },
    { targetGroupArn: green, weight: 0 },
  ]);
  await balancer().settle(blue);
  expect(await weights()).toEqual([
    [blue, 7],
    [green, 0],
  ]);
});

test("a group of weight 0 has its targets checked, so that they can be healthy before their first visitor", async () => {
  const green = await balancer().groupBeside(blue);
  await balancer().forward([
    { targetGroupArn: blue, weight: 100 },
    { targetGroupArn: green, weight: 0 },
  ]);
  const Targets = [{ Id: "127.0.0.1", Port: 9 }];
  await client.send(new RegisterTargetsCommand({ TargetGroupArn: green, Targets }));
  const states = await balancer().targetStates([blue, green]);
  expect([...states.keys()]).toEqual(["127.0.0.1:9"]);
  expect(["initial", "unhealthy"]).toContain(states.get("127.0.0.1:9"));
});

test("where nothing forwards to the game any more, a split is refused", async () => {
  const green = await balancer().groupBeside(blue);
  const strange = [
    { targetGroupArn: `${blue}0`, weight: 100 },
    { targetGroupArn: `${green}0`, weight: 0 },
  ];
  await expect(balancer().forward(strange)).rejects.toThrow("No listener forwards to the target group that serves");
});

test("a forward that somebody shares with a group of his own is refused, and nothing is changed", async () => {
  const green = await balancer().groupBeside(blue);
  const shared = [blue, await somebodysGroup()];
  const DefaultActions = [
    {
      Type: "forward" as const,
      ForwardConfig: {
        TargetGroups: shared.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 })),
      },
    },
  ];
  await client.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions }));
  const rules = await client.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
  await expect(
    balancer().forward([
      { targetGroupArn: blue, weight: 0 },
      { targetGroupArn: green, weight: 100 },
    ]),
  ).rejects.toThrow(/forwards to arn:.*other.* as well/);
  const after = await client.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
  expect(after.Rules).toEqual(rules.Rules);
});
