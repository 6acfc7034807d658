// The two load balancers that are compared: ours as `npm start` runs it, and moto's.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { startAlb } from "../../../stack/alb-process.ts";
import { type Child, endChild } from "../../../stack/child.ts";
import { systemClock } from "../../../stack/clock.ts";
import { localElbClient } from "../../../stack/elb.ts";
import { readEnvironment, repositoryRoot } from "../../../stack/environment.ts";
import { makeHome } from "../../../stack/home.ts";
import type { LoadBalancerPorts, Network } from "../../../stack/load-balancer.ts";
import { freePort } from "../../../stack/ports.ts";
import { REHEARSED } from "../beside.ts";
import { ask, elements } from "../witness.ts";
import type { Played } from "./comparison.ts";
import type { OwnNames } from "./facts.ts";
import { type Answers, record } from "./recorder.ts";
import { play, type Stage } from "./script.ts";

/** Of moto; no other scene of the rehearsal is there. */
const REGION = "eu-central-1";
const HEALTHY_TIMEOUT_MS = 20_000;
const HEALTHY_POLL_MS = 100;
const END_TIMEOUT_MS = 5_000;

interface Side {
  readonly connect: () => ElasticLoadBalancingV2Client;
  readonly network: Network;
  readonly certificateArn: string;
}

/** The same on both. */
type Common = Pick<Stage, "ports" | "freePort" | "target">;

/** `folder`: all that our load balancer writes. */
export async function playBoth(motoUrl: string, folder: string): Promise<{ moto: Played; ours: Played }> {
  const children: Child[] = [];
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  try {
    const [https, http, unused] = await threePorts();
    const common = { ports: { https, http }, freePort: unused, target };
    const ours = await ourSide(folder, common.ports, (child) => children.push(child));
    return { moto: await playOn(await motoSide(motoUrl), common), ours: await playOn(ours, common) };
  } finally {
    await Promise.all(children.map((child) => endChild(child, END_TIMEOUT_MS, systemClock)));
    server.closeAllConnections();
    server.close();
  }
}

/** One that is free now may be given again. */
async function threePorts(): Promise<[number, number, number]> {
  const ports = new Set<number>();
  while (ports.size < 3) ports.add(await freePort());
  return [...ports] as [number, number, number];
}

async function ourSide(folder: string, ports: LoadBalancerPorts, onSpawn: (child: Child) => void): Promise<Side> {
  const environment = readEnvironment({
    ...{ TIDEGATE_HOME: folder, CONTROL_PORT: String(await freePort()) },
    ...{ HTTPS_PORT: String(ports.https), HTTP_PORT: String(ports.http) },
  });
  const { ready } = await startAlb(repositoryRoot, environment, makeHome(folder), (child) => {
    process.on("exit", () => child.signal("SIGKILL")); // also when we end by a fault
    onSpawn(child);
  });
  const network = { vpc: "vpc-00000000", subnets: ["subnet-00000000", "subnet-00000001"] };
  return { connect: () => localElbClient(ready.control), network, certificateArn: ready.certificateArn };
}

/** In the network that an account has from the start. */
async function motoSide(motoUrl: string): Promise<Side> {
  const form = "Action=DescribeSubnets&Version=2016-11-15&Filter.1.Name=default-for-az&Filter.1.Value.1=true";
  const subnets = await ask(motoUrl, { service: "ec2", region: REGION, form });
  const wanted = { target: "CertificateManager.RequestCertificate", json: { DomainName: "localhost" } };
  const certificate = await ask(motoUrl, { service: "acm", region: REGION, ...wanted });
  const settings = { endpoint: motoUrl, region: REGION, credentials: REHEARSED, maxAttempts: 1 };
  return {
    connect: () => new ElasticLoadBalancingV2Client(settings),
    network: { vpc: elements(subnets, "vpcId")[0]!, subnets: elements(subnets, "subnetId").slice(0, 2) },
    certificateArn: JSON.parse(certificate).CertificateArn,
  };
}

async function playOn({ connect, network, certificateArn }: Side, common: Common): Promise<Played> {
  const [client, watcher] = [connect(), connect()];
  const answers: Answers = new Map();
  record(client, answers);
  const untilHealthy = async (TargetGroupArn: string) => {
    for (let waitedMs = 0; waitedMs < HEALTHY_TIMEOUT_MS; waitedMs += HEALTHY_POLL_MS) {
      const { TargetHealthDescriptions } = await watcher.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      if (TargetHealthDescriptions?.[0]?.TargetHealth?.State === "healthy") return;
      await systemClock.sleep(HEALTHY_POLL_MS);
    }
  };
  const stage = { ...common, client, network, certificateArn, untilHealthy };
  try {
    await play(stage);
  } finally {
    client.destroy();
    watcher.destroy();
  }
  return { answers, ownNames: namesOf(stage) };
}

const namesOf = ({ certificateArn, freePort, network, ports, target }: Stage): OwnNames =>
  new Map([
    [network.vpc, "the network"],
    [certificateArn, "the certificate"],
    [String(ports.https), "the HTTPS port"],
    [String(ports.http), "the HTTP port"],
    [String(freePort), "a free port"],
    [String(target.port), "the target's port"],
    ...network.subnets.map((subnet, at): [string, string] => [subnet, `subnet ${at + 1}`]),
  ]);
