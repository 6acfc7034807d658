// The bundled load balancer as `npm start` sets it up, and the one in the template, attribute by attribute, by the API's own words.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAlb } from "../../stack/alb-process.ts";
import { type Child, endChild } from "../../stack/child.ts";
import { systemClock } from "../../stack/clock.ts";
import { localElbClient } from "../../stack/elb.ts";
import { readEnvironment, repositoryRoot } from "../../stack/environment.ts";
import { makeHome } from "../../stack/home.ts";
import { type LoadBalancerPorts, setUpLoadBalancer } from "../../stack/load-balancer.ts";
import { freePort } from "../../stack/ports.ts";
import { topology } from "../../stack/topology.ts";
import { describeAll, describeTemplate, type Facts } from "./testing/as-described.ts";
import { synthesise } from "./testing/variants.ts";

const START_TIMEOUT_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), "tg-"));
const children: Child[] = [];
let listeners: LoadBalancerPorts;
let local: Facts;
let aws: Facts;

beforeAll(async () => {
  const ports = { HTTPS_PORT: await freePort(), HTTP_PORT: await freePort(), CONTROL_PORT: await freePort() };
  const variables = Object.entries(ports).map(([name, port]) => [name, String(port)]);
  const environment = readEnvironment({ TIDEGATE_HOME: folder, ...Object.fromEntries(variables) });
  const { ready } = await startAlb(repositoryRoot, environment, makeHome(folder), (child) => children.push(child));
  const client = localElbClient(ready.control);
  listeners = { https: ports.HTTPS_PORT, http: ports.HTTP_PORT };
  await setUpLoadBalancer(client, listeners, ready.certificateArn, topology.delays.local);
  local = await describeAll(client);
  aws = describeTemplate(synthesise("oneRegion").template("tidegate-eu"));
  client.destroy();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await Promise.all(children.map((child) => endChild(child, 5_000, systemClock)));
  rmSync(folder, { recursive: true, force: true });
});

interface Difference {
  readonly local: string | undefined;
  readonly aws: string | undefined;
  readonly why: string;
}

const FORWARD = "forward to the game";
const NOT_FOUND = 'fixed-response {"ContentType":"text/plain","MessageBody":"Not found\\n","StatusCode":"404"}';
const redirectTo = (port: number): string =>
  `redirect {"Host":"#{host}","Path":"/#{path}","Port":"${port}","Protocol":"HTTPS","Query":"#{query}","StatusCode":"HTTP_301"}`;

/** All of them; whatever else differs is a mistake. */
function differences(): Record<string, Difference> {
  const ports = "ports below 1024 want an administrator, and two stacks may run side by side";
  const delays = "a laptop wants seconds, real networks want patience (topology.delays)";
  const rule = "ECS's own blue/green shifts the weights of a rule, and cannot those of a listener's default action";
  const logs = "the bundled one writes its log into a file, which is a flag of the process";
  return {
    "HTTPS.Port": { local: String(listeners.https), aws: "443", why: ports },
    "HTTP.Port": { local: String(listeners.http), aws: "80", why: ports },
    "HTTP.rule default.action": { local: redirectTo(listeners.https), aws: redirectTo(443), why: ports },
    "HTTPS.rule default.action": { local: FORWARD, aws: NOT_FOUND, why: rule },
    "HTTPS.rule 100.when": { local: undefined, aws: "path-pattern /*", why: rule },
    "HTTPS.rule 100.action": { local: undefined, aws: FORWARD, why: rule },
    "targetGroup.HealthCheckIntervalSeconds": { local: "1", aws: "5", why: delays },
    "targetGroup.HealthCheckTimeoutSeconds": { local: "1", aws: "4", why: delays },
    "targetGroup.attributes.deregistration_delay.timeout_seconds": { local: "15", aws: "60", why: delays },
    "loadBalancer.attributes.access_logs.s3.enabled": { local: "false", aws: "true", why: logs },
    "loadBalancer.attributes.access_logs.s3.bucket": { local: "", aws: "one in the template", why: logs },
  };
}

test("the bundled load balancer and the template's differ in ports, delays, the log and the rule that ECS shifts, and in nothing else", () => {
  const names = [...new Set([...Object.keys(local), ...Object.keys(aws)])].filter((name) => local[name] !== aws[name]);
  const found = Object.fromEntries(names.map((name) => [name, { local: local[name], aws: aws[name] }]));
  const known = Object.entries(differences()).map(([name, { why: _, ...values }]) => [name, values]);
  expect(found).toEqual(Object.fromEntries(known));
});

test("what is compared is the whole of it", () => {
  expect(Object.keys(local).filter((name) => name.startsWith("loadBalancer.attributes.")).length).toBeGreaterThan(20);
  expect(Object.keys(local).filter((name) => name.startsWith("targetGroup.attributes.")).length).toBeGreaterThan(12);
  expect(local["HTTPS.rule 1.when"]).toBe("path-pattern /statusz,/metrics");
});
