// What the control port can be told for a container: further names, and ARNs that outlive a restart.
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AlbOptions } from "../alb.ts";
import { startApi, type TestApi } from "../testing/api.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { freePort } from "../testing/free-port.ts";

const keep = closeAfterEach();
const setUp = async (options = {}) => keep(await startApi(options));

const status = (url: string, host: string) =>
  new Promise((resolve, reject) => {
    const outgoing = request(`${url}/healthz`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });

test("the control port answers to the names that it was given, and to no others", async () => {
  const { url } = await setUp({ controlNames: ["alb"] });
  expect(await status(url, "alb:8400")).toBe(200);
  expect(await status(url, "ALB")).toBe(200);
  expect(await status(url, "localhost:8400")).toBe(200);
  expect(await status(url, "balb:8400")).toBe(403);
  const { url: plain } = await setUp();
  expect(await status(plain, "alb:8400")).toBe(403);
});

test("the control port listens where it is told", async () => {
  const { url } = await setUp({ controlBind: "0.0.0.0" });
  expect(await status(url, "127.0.0.1")).toBe(200);
});

async function create(api: TestApi, what: string, parameters: Record<string, string>): Promise<string> {
  const call = { Action: `Create${what}`, Version: "2015-12-01", ...parameters };
  const { text } = await api.raw(new URLSearchParams(call).toString());
  const [, arn] = text.match(new RegExp(`<${what}Arn>(.*?)</`)) ?? [];
  if (arn === undefined) throw new Error(text);
  return arn;
}

/** The ARNs of everything that a small load balancer is made of, which is gone by then. */
async function build(options: Partial<AlbOptions>, port: number): Promise<string[]> {
  const api = await startApi(options);
  const group = { Protocol: "HTTP", Port: "80", TargetType: "ip", VpcId: "vpc-1" };
  const groups = await Promise.all(["a", "b"].map((Name) => create(api, "TargetGroup", { Name, ...group })));
  const subnets = { "Subnets.member.1": "subnet-1", "Subnets.member.2": "subnet-2" };
  const lb = await create(api, "LoadBalancer", { Name: "lb", ...subnets });
  const forward = {
    "DefaultActions.member.1.Type": "forward",
    "DefaultActions.member.1.TargetGroupArn": groups[0] ?? "",
  };
  const place = { LoadBalancerArn: lb, Protocol: "HTTP", Port: String(port) };
  const listener = await create(api, "Listener", { ...place, ...forward });
  await api.close();
  return [...groups, lb, listener];
}

test("with stable ARNs a load balancer that is built again after a restart is called the same", async () => {
  const port = await freePort();
  const first = await build({ stableArns: true }, port);
  expect(new Set(first).size).toBe(4);
  expect(await build({ stableArns: true }, port)).toEqual(first);
  const byChance = await build({}, port);
  expect(byChance.filter((arn) => first.includes(arn))).toEqual([]);
});

test("docker-compose.yml names the target group by the ARN that it will have", async () => {
  const api = await setUp({ stableArns: true });
  const group = { Protocol: "HTTP", Port: "8000", TargetType: "ip", VpcId: "vpc-1" };
  const arn = await create(api, "TargetGroup", { Name: "tidegate-game", ...group });
  const file = await readFile(join(import.meta.dirname, "../../../docker-compose.yml"), "utf8");
  expect(file).toContain(`TARGET_GROUP_ARN: ${arn}\n`);
});
