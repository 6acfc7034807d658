// The real load balancer as a process: what an agent finds that starts anew beside it.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateLoadBalancerCommand,
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, expect, test } from "vitest";
import { splitTraffic } from "../deploy/listener-weights.ts";
import { groupBeside } from "../deploy/second-group.ts";
import { startAlb } from "../stack/alb-process.ts";
import { type Child, endChild } from "../stack/child.ts";
import { systemClock } from "../stack/clock.ts";
import { localElbClient } from "../stack/elb.ts";
import { readEnvironment, repositoryRoot } from "../stack/environment.ts";
import { makeHome } from "../stack/home.ts";
import { freePort } from "../stack/ports.ts";
import { topology } from "../stack/topology.ts";
import { hasForgotten, openLoadBalancer, readAuthority, servingGroup } from "./load-balancer-state.ts";

const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 5_000;

let folder: string;
let children: Child[];
let elb: ElasticLoadBalancingV2Client;
let open: (servers?: readonly string[]) => ReturnType<typeof openLoadBalancer>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tg-"));
  children = [];
  const [https, http, control] = [await freePort(), await freePort(), await freePort()];
  const ports = { HTTPS_PORT: `${https}`, HTTP_PORT: `${http}`, CONTROL_PORT: `${control}` };
  const environment = readEnvironment({ ...ports, TIDEGATE_HOME: folder });
  const { ready } = await startAlb(repositoryRoot, environment, makeHome(folder), (child) => children.push(child));
  elb = localElbClient(ready.control);
  open = (servers = []) => openLoadBalancer(elb, ready.control, { https, http }, topology.delays.local, servers);
}, START_LIMIT_MS);
afterEach(async () => {
  elb.destroy();
  await Promise.all(children.map((child) => endChild(child, END_LIMIT_MS, systemClock)));
  rmSync(folder, { recursive: true, force: true });
});

test("an agent sets an empty load balancer up, and the next one finds it as it is", async () => {
  expect(await hasForgotten(elb)).toBe(true);
  const first = await open();
  expect(await hasForgotten(elb)).toBe(false);
  expect(await open()).toEqual(first);
  const green = await groupBeside(elb, first.targetGroupArn);
  await splitTraffic(elb, first.listenerArn, [
    { targetGroupArn: first.targetGroupArn, weight: 0 },
    { targetGroupArn: green, weight: 1 },
  ]);
  expect(await open()).toEqual({ ...first, targetGroupArn: green });
});

test("what an agent has left half set up is set up anew", async () => {
  await elb.send(new CreateLoadBalancerCommand({ Name: topology.name, Subnets: ["subnet-1", "subnet-2"] }));
  const { loadBalancerArn } = await open();
  const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }));
  expect(Listeners).toHaveLength(2);
});

test("a load balancer that has forgotten everything serves from the group in which the servers are", async () => {
  const { listenerArn, targetGroupArn } = await open(["arn:green", "arn:green", "arn:game"]);
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  const names = new Map(TargetGroups.map((group) => [group.TargetGroupArn, group.TargetGroupName]));
  expect(names.get(targetGroupArn)).toBe(topology.targetGroups.game.alternateName);
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }));
  expect(Listeners.map(servingGroup)).toEqual([targetGroupArn]);
});

test("an agent that is there before its load balancer waits for it, and no longer than it must", async () => {
  const port = await freePort();
  const server = createServer((_, answer) => answer.end("the authority"));
  let nowMs = 0;
  const clock = {
    nowMs: () => nowMs,
    sleep: async (durationMs: number) => {
      nowMs += durationMs;
      if (nowMs === 300) await once(server.listen(port, "127.0.0.1"), "listening");
    },
  };
  expect(await readAuthority(`http://127.0.0.1:${port}`, clock)).toBe("the authority");
  expect(nowMs).toBe(300);
  await new Promise((resolve) => server.close(resolve));
  await expect(readAuthority(`http://127.0.0.1:${port}`, clock)).rejects.toThrow("fetch failed");
  expect(nowMs).toBe(30_300);
});

test("a load balancer that does not answer has forgotten nothing", async () => {
  const nobody = localElbClient(`http://127.0.0.1:${await freePort()}`);
  expect(await hasForgotten(nobody)).toBe(false);
  nobody.destroy();
});
