import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { makeAuthority, makeLeaf } from "../certificates/authority.ts";
import { startApi } from "../testing/api.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { freePort } from "../testing/free-port.ts";
import { handshake, rawClient } from "../testing/raw-client.ts";
import { ok, rawTarget, switching } from "../testing/raw-target.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { parseConfig } from "./config-file.ts";
import { ConfigError } from "./problem.ts";

const keep = closeAfterEach();

/** A load balancer on AWS's own delays and a virtual clock, and its API. */
async function setUp() {
  const clock = new VirtualClock(Date.now());
  const api = keep(await startApi({ clock }));
  const home = await mkdtemp(join(tmpdir(), "alb-declared-"));
  keep({ close: () => rm(home, { recursive: true, force: true }) });
  const declare = (value: object) => api.declare(parseConfig(JSON.stringify(value), home));
  const send = api.client.send.bind(api.client);
  return { clock, api, send, home, declare };
}

const forward = [{ Type: "forward", TargetGroupName: "app" }];
const group = (more: object = {}) => ({ Name: "app", Protocol: "HTTP", Port: 3000, ...more });
const listening = (...listeners: object[]) => [{ Name: "lb", Listeners: listeners }];
const http = (port: number, more: object = {}) => ({ Protocol: "HTTP", Port: port, DefaultActions: forward, ...more });

async function refusal(declared: Promise<unknown>): Promise<ConfigError> {
  const error = await declared.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

test("ALB-110: what a file declares is there for the API: listeners, rules, groups, targets, attributes, tags", async () => {
  const { send, declare } = await setUp();
  const port = await freePort();
  await declare({
    LoadBalancers: [
      {
        Name: "lb",
        Tags: [{ Key: "team", Value: "sea" }],
        Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: 120 }],
        Listeners: [
          http(port, {
            Attributes: [{ Key: "routing.http.response.server.enabled", Value: false }],
            Rules: [
              {
                Priority: 10,
                Conditions: [{ Field: "path-pattern", Values: ["/old/*"] }],
                Actions: [{ Type: "redirect", RedirectConfig: { Path: "/new", StatusCode: "HTTP_301" } }],
              },
            ],
          }),
        ],
      },
    ],
    TargetGroups: [
      group({
        HealthCheckPath: "/up",
        Matcher: { HttpCode: 200 },
        Targets: [{ Id: "127.0.0.1" }, { Id: "127.0.0.2", Port: 3001 }],
        Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: 5 }],
      }),
    ],
  });
  const lb = (await send(new DescribeLoadBalancersCommand({ Names: ["lb"] }))).LoadBalancers?.[0];
  const listener = (await send(new DescribeListenersCommand({ LoadBalancerArn: lb?.LoadBalancerArn }))).Listeners?.[0];
  expect(listener).toMatchObject({ Port: port, Protocol: "HTTP" });
  const { Rules } = await send(new DescribeRulesCommand({ ListenerArn: listener?.ListenerArn }));
  expect(Rules?.map((each) => each.Priority)).toEqual(["10", "default"]);
  const tags = await send(new DescribeTagsCommand({ ResourceArns: [lb?.LoadBalancerArn ?? ""] }));
  expect(tags.TagDescriptions?.[0]?.Tags).toEqual([{ Key: "team", Value: "sea" }]);
  const app = (await send(new DescribeTargetGroupsCommand({ Names: ["app"] }))).TargetGroups?.[0];
  expect(app).toMatchObject({ HealthCheckPath: "/up", LoadBalancerArns: [lb?.LoadBalancerArn] });
  const which = { TargetGroupArn: app?.TargetGroupArn };
  const attributes = (await send(new DescribeTargetGroupAttributesCommand(which))).Attributes;
  expect(attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "5" });
  const { TargetHealthDescriptions } = await send(new DescribeTargetHealthCommand(which));
  expect(TargetHealthDescriptions?.map((each) => [each.Target?.Id, each.Target?.Port])).toEqual([
    ["127.0.0.1", 3000],
    ["127.0.0.2", 3001],
  ]);
});

test("ALB-110: a file that the API would refuse changes nothing, and a port that cannot be had is such a file", async () => {
  const { send, declare } = await setUp();
  const [first, second, taken] = [await freePort(), await freePort(), await freePort()];
  const TargetGroups = [group()];
  await declare({ LoadBalancers: listening(http(first)), TargetGroups });
  const occupant = keep(createServer());
  await new Promise<void>((resolve) => occupant.listen(taken, "127.0.0.1", resolve));

  const wrong = await refusal(
    declare({
      LoadBalancers: listening(http(second, { Attributes: [{ Key: "colour", Value: "red" }] })),
      TargetGroups: [...TargetGroups, { ...group(), Name: "other" }],
    }),
  );
  expect(wrong.code).toBe("config-invalid");
  expect(wrong.message).toBe("1: LoadBalancers[0].Listeners[0]: ValidationError: Key 'colour' is not recognized.");
  const inUse = await refusal(declare({ LoadBalancers: listening(http(second), http(taken)), TargetGroups }));
  expect(inUse.code).toBe("port-unavailable");
  expect(inUse.message).toBe(`1: LoadBalancers[0].Listeners[1].Port: Address 127.0.0.1:${taken} is in use.`);

  const { TargetGroups: groups } = await send(new DescribeTargetGroupsCommand({}));
  expect(groups?.map((each) => each.TargetGroupName)).toEqual(["app"]);
  const free = keep(createServer());
  await new Promise<void>((resolve, reject) => free.once("error", reject).listen(second, "127.0.0.1", resolve));
});

test("ALB-111: ARNs follow from names and ports, so they are the same when the file is read again", async () => {
  const { declare } = await setUp();
  const [one, two] = [await freePort(), await freePort()];
  const first = await declare({ LoadBalancers: listening(http(one)), TargetGroups: [group()] });
  const again = await declare({
    LoadBalancers: [{ Name: "lb", Listeners: [http(two), http(one)] }],
    TargetGroups: [{ ...group(), Name: "before" }, group({ HealthCheckPath: "/up" })],
  });
  for (const kind of ["loadBalancers", "listeners", "targetGroups"] as const) {
    expect([...again.now[kind].keys()]).toEqual(expect.arrayContaining([...first.now[kind].keys()]));
  }
});

test("ALB-112: reading the file again costs no WebSocket, and a target that left it drains for its whole delay", async () => {
  const { clock, declare } = await setUp();
  const target = keep(await rawTarget());
  const [port, other] = [await freePort(), await freePort()];
  const Targets = [{ Id: "127.0.0.1", Port: target.port }];
  await declare({ LoadBalancers: listening(http(port)), TargetGroups: [group({ Targets })] });
  clock.advance(0);
  const check = await target.next();
  await check.until("ELB-HealthChecker/2.0");
  check.send(ok("up"));
  await check.ended;
  const client = keep(rawClient(port));
  client.send(handshake());
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(switching);
  await client.until("\r\n\r\n");

  // Another port, other settings, no target.
  const { now } = await declare({
    LoadBalancers: [{ ...listening(http(other))[0], Attributes: [{ Key: "routing.http2.enabled", Value: false }] }],
    TargetGroups: [group({ Targets: [], HealthCheckPath: "/up" })],
  });
  expect([...now.targetGroups.values()][0]?.targets).toMatchObject([{ drainEndsAtMs: clock.nowMs() + 300_000 }]);
  client.send("up");
  await server.until("up");
  const again = await refusal(declare({ LoadBalancers: listening(http(other)), TargetGroups: [group({ Targets })] }));
  expect(again.message).toContain("TargetGroups[0].Targets[0]: The target '127.0.0.1:");
  expect(again.message).toContain("is draining, for another 300 s");

  // The group goes as well; its targets keep their deadline.
  const fixed = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: 200 } }];
  const last = await declare({ LoadBalancers: listening(http(other, { DefaultActions: fixed })) });
  expect(last.now.targetGroups.size).toBe(1);
  for (const ms of [29_000, 30_000]) clock.advance(ms);
  server.send("down");
  await client.until("down");
  clock.advance(300_000);
  await Promise.all([client.ended, server.ended]);
  clock.advance(0);
  const { before } = await declare({ LoadBalancers: listening(http(other, { DefaultActions: fixed })) });
  expect(before.targetGroups.size).toBe(0);
});

test("ALB-114: the file wins: what the API made goes, except the targets of a group that the file gives none", async () => {
  const { send, declare } = await setUp();
  const port = await freePort();
  const file = { LoadBalancers: listening(http(port)), TargetGroups: [group()] };
  const { now } = await declare(file);
  const TargetGroupArn = [...now.targetGroups.keys()][0];
  await send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "127.0.0.9" }] }));
  await send(new CreateLoadBalancerCommand({ Name: "by-hand" }));
  await send(new CreateTargetGroupCommand({ Name: "by-hand", Protocol: "HTTP", Port: 1, TargetType: "ip" }));
  await declare(file);
  const { LoadBalancers } = await send(new DescribeLoadBalancersCommand({}));
  expect(LoadBalancers?.map((each) => each.LoadBalancerName)).toEqual(["lb"]);
  const { TargetGroups } = await send(new DescribeTargetGroupsCommand({}));
  expect(TargetGroups?.map((each) => each.TargetGroupName)).toEqual(["app"]);
  const { TargetHealthDescriptions } = await send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  expect(TargetHealthDescriptions?.map((each) => each.Target?.Id)).toEqual(["127.0.0.9"]);
});

test("ALB-114: what is read at the start only is refused afterwards", async () => {
  const { declare } = await setUp();
  const file = { LoadBalancers: listening(http(await freePort())), TargetGroups: [group()] };
  await declare(file);
  const error = await refusal(declare({ ...file, Switches: { cookiesOn101: false } }));
  expect(error.message).toBe(
    "1: Logs, Switches and FastHealthChecks are read at the start only; start again to change them.",
  );
});

test("ALB-115: certificates are issued by the local CA or read from PEM files, chosen by SNI, and renewed by reading again", async () => {
  const { api, home, declare } = await setUp();
  const port = await freePort();
  const authority = await makeAuthority(Date.now());
  const write = async () => {
    const leaf = await makeLeaf(authority, ["mine.test"], Date.now());
    await writeFile(join(home, "mine.pem"), leaf.certificate);
    await writeFile(join(home, "mine.key"), leaf.key);
  };
  await write();
  const https = http(port, {
    Protocol: "HTTPS",
    Certificates: [{ CertificateName: "game" }, { CertificateName: "mine" }],
  });
  const file = {
    LoadBalancers: listening(https),
    TargetGroups: [group()],
    Certificates: [
      { Name: "game", Domains: ["game.test", "*.game.test"] },
      { Name: "mine", CertificateFile: "mine.pem", PrivateKeyFile: "mine.key" },
    ],
  };
  await declare(file);
  const ca = `${await readFile(api.ca, "utf8")}\n${authority.certificate}`;
  const seen = async (servername: string) => {
    const client = keep(rawClient(port, { tls: { ca, servername } }));
    client.send(`GET / HTTP/1.1\r\nHost: ${servername}\r\n\r\n`);
    await client.until("503 Service Temporarily Unavailable");
    const { subjectaltname, serialNumber } = (client.socket as import("node:tls").TLSSocket).getPeerCertificate();
    return { subjectaltname, serialNumber };
  };
  expect((await seen("play.game.test")).subjectaltname).toBe("DNS:game.test, DNS:*.game.test");
  const { before: first, now: same } = await declare(file);
  expect([...same.certificates.values()]).toEqual([...first.certificates.values()]);
  const before = await seen("mine.test");
  expect(before.subjectaltname).toBe("DNS:mine.test");
  await write();
  await declare(file);
  expect((await seen("mine.test")).serialNumber).not.toBe(before.serialNumber);
});

test.each([
  [{ Name: "x", Domains: ["no spaces"] }, /Certificates\[0\]\.Domains: .*'no spaces'/],
  [
    { Name: "x", CertificateFile: "nowhere.pem", PrivateKeyFile: "x" },
    /Certificates\[0\]\.CertificateFile: .*nowhere\.pem cannot be read/,
  ],
  [
    { Name: "x", CertificateFile: "/dev/null", PrivateKeyFile: "/dev/null" },
    /Certificates\[0\]: The certificate is not a PEM/,
  ],
])("ALB-115: a certificate that cannot be had, %j, is refused with its place", async (certificate, sentence) => {
  const { declare } = await setUp();
  const error = await refusal(
    declare({ LoadBalancers: listening(http(1)), TargetGroups: [group()], Certificates: [certificate] }),
  );
  expect(error.message).toMatch(sentence);
});

test.each([
  [
    { TargetGroupName: "nope" },
    "DefaultActions[0].TargetGroupName: No TargetGroup of the file is called 'nope'; there are: app.",
  ],
  [
    { TargetGroupName: "app", TargetGroupArn: "x" },
    "DefaultActions[0].TargetGroupName: Say either TargetGroupName or TargetGroupArn.",
  ],
  [
    { ForwardConfig: { TargetGroups: [{ TargetGroupName: "nope" }] } },
    "ForwardConfig.TargetGroups[0].TargetGroupName: No TargetGroup",
  ],
  [
    { Type: "forwards", TargetGroupName: "app" },
    "DefaultActions[0].Type: ValidationError: 1 validation error detected: Value 'forwards'",
  ],
  [{ Colour: "red" }, "DefaultActions[0].Colour: ValidationError: Unknown parameter"],
])("ALB-113: an action %j is refused at its place", async (action, sentence) => {
  const { declare } = await setUp();
  const DefaultActions = [{ Type: "forward", ...action }];
  const error = await refusal(
    declare({ LoadBalancers: listening(http(1, { DefaultActions })), TargetGroups: [group()] }),
  );
  expect(error.message).toContain(`1: LoadBalancers[0].Listeners[0].`);
  expect(error.message).toContain(sentence);
});
