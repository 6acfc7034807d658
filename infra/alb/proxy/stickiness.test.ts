import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { expect, test } from "vitest";
import type { Action, Attributes, TargetKey } from "../model/types.ts";
import { accessLogLine } from "../telemetry/access-log-line.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { forwardTo, group, groupArn } from "../testing/fixtures.ts";
import { type NamedTargetOptions, namedTarget } from "../testing/named-target.ts";
import { localTarget, type Plane, startPlane, testCertificates } from "../testing/plane.ts";
import { handshake, rawClient } from "../testing/raw-client.ts";

const keep = closeAfterEach();
const lbCookie = { "stickiness.enabled": "true", "stickiness.lb_cookie.duration_seconds": "60" };
const appCookie = {
  "stickiness.enabled": "true",
  "stickiness.type": "app_cookie",
  "stickiness.app_cookie.cookie_name": "SESSION",
};

type PlaneOptions = Parameters<typeof startPlane>[1];

/** Group `g` of targets `one` and `two`. */
async function setUp(attributes: Attributes, options: PlaneOptions = {}, targets: NamedTargetOptions = {}) {
  const [one, two] = [keep(await namedTarget("one", targets)), keep(await namedTarget("two", targets))];
  const ports = { one: one.port, two: two.port };
  const groups = [group("g", [localTarget(one.port), localTarget(two.port)], attributes)];
  const plane = keep(await startPlane({ groups, defaultAction: forwardTo(["g", 1]) }, options));
  return { plane, one, two, ports };
}

interface Reply {
  readonly name: string;
  readonly head: string;
  readonly cookies: readonly string[];
}

/** One request on a connection of its own. */
async function ask(plane: Plane, cookie = ""): Promise<Reply> {
  const client = keep(rawClient(plane.port));
  client.send(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${cookie && `Cookie: ${cookie}\r\n`}\r\n`);
  await client.ended;
  const [head = "", name = ""] = client.received.split("\r\n\r\n");
  return { name, head, cookies: setCookies(head) };
}
const setCookies = (head: string) => [...head.matchAll(/^set-cookie: (.*?)\r?$/gim)].map((match) => match[1]!);
const sentBack = (cookies: readonly string[]) => cookies.map((each) => each.split(";")[0]).join("; ");

test("ALB-62: the cookie of the first answer leads every later request to the same target", async () => {
  const { plane } = await setUp(lbCookie);
  const first = await ask(plane);
  expect(first.cookies.map((each) => each.split("=")[0])).toEqual(["AWSALB", "AWSALBCORS"]);
  const cookie = sentBack(first.cookies);
  for (let i = 0; i < 4; i++) expect((await ask(plane, cookie)).name).toBe(first.name);
  const without = [await ask(plane), await ask(plane)].map((each) => each.name).sort();
  expect(without).toEqual(["one", "two"]);
});

test("ALB-62: each answer brings fresh cookies, so the duration counts from the last one", async () => {
  const { plane } = await setUp(lbCookie);
  const first = await ask(plane);
  plane.clock.advance(50_000);
  const second = await ask(plane, sentBack(first.cookies));
  plane.clock.advance(50_000);
  expect((await ask(plane, sentBack(second.cookies))).name).toBe(first.name);
  const nonSticky = async (count: number) => (await plane.finished(count)).map((each) => each.nonSticky);
  expect(await nonSticky(3)).toEqual([true, false, false]);
  plane.clock.advance(60_000);
  await ask(plane, sentBack(second.cookies));
  expect(await nonSticky(4)).toEqual([true, false, false, true]);
});

test.each(["unhealthy", "draining", "gone"] as const)(
  "ALB-62: when the target is %s another one is chosen, and the client stays there",
  async (fate) => {
    const { plane, ports } = await setUp(lbCookie);
    const first = await ask(plane);
    const lost = ports[first.name as "one"];
    const others = Object.values(ports).filter((port) => port !== lost);
    const leaving = fate === "draining" ? [localTarget(lost, { drainEndsAtMs: 1 })] : [];
    const left = fate === "unhealthy" ? [localTarget(lost)] : leaving;
    const groups = [group("g", [...others.map((port) => localTarget(port)), ...left], lbCookie)];
    plane.change({ groups }, (key: TargetKey) => (key.endsWith(`|${lost}`) ? "unhealthy" : "healthy"));
    const second = await ask(plane, sentBack(first.cookies));
    expect(second.name).not.toBe(first.name);
    plane.change({
      groups: [
        group(
          "g",
          Object.values(ports).map((port) => localTarget(port)),
          lbCookie,
        ),
      ],
    });
    expect((await ask(plane, sentBack(second.cookies))).name).toBe(second.name);
  },
);

test("ALB-62: a handshake is led by its cookie, and its 101 brings cookies, unless a switch forbids", async () => {
  for (const cookiesOn101 of [true, false]) {
    const { plane } = await setUp(lbCookie, { switches: { cookiesOn101 } });
    const { name, cookies } = await ask(plane);
    for (let i = 0; i < 3; i++) {
      const client = keep(rawClient(plane.port));
      client.send(handshake("/ws", `Cookie: ${sentBack(cookies)}\r\n`));
      const head = await client.until("\r\n\r\n");
      expect(head).toContain(`HTTP/1.1 101 ${name}\r\n`);
      expect(setCookies(head)).toHaveLength(cookiesOn101 ? 2 : 0);
    }
  }
});

test("ALB-62: Set-Cookie stands behind Date and Content-Length, and the target's own cookies stay", async () => {
  const { plane } = await setUp(lbCookie, {}, { headers: ["X-Mine", "1", "Set-Cookie", "theirs=1; Path=/"] });
  const { head } = await ask(plane);
  expect(setCookies(head).map((each) => each.split("=")[0])).toEqual(["AWSALB", "AWSALBCORS", "theirs"]);
  const at = (text: string) => head.indexOf(text);
  expect(at("Content-Length")).toBeLessThan(at("AWSALB="));
  expect(at("AWSALB=")).toBeLessThan(at("AWSALBCORS="));
  expect(at("AWSALBCORS=")).toBeLessThan(at("X-Mine"));
});

test("ALB-62: HTTP/2 and TLS carry the cookies as well, marked Secure", async () => {
  const { plane } = await setUp(lbCookie, { protocol: "HTTPS" });
  const { ca } = await testCertificates();
  const overHttp2 = (cookie: readonly string[]) =>
    new Promise<{ name: string; cookies: readonly string[] }>((resolve, reject) => {
      const session = keep(connectHttp2(`https://localhost:${plane.port}`, { ca: ca.certificate }));
      const stream = session.request({ ":path": "/", ...(cookie.length > 0 && { cookie: [...cookie] }) });
      let cookies: readonly string[] = [];
      let name = "";
      stream.on("response", (headers) => {
        cookies = headers["set-cookie"] ?? [];
      });
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        name += chunk;
      });
      stream.on("error", reject).on("end", () => resolve({ name, cookies }));
    });
  const first = await overHttp2([]);
  expect(first.cookies).toHaveLength(2);
  expect(first.cookies[1]).toMatch(/; SameSite=None; Secure$/);
  const cookie = sentBack(first.cookies).split("; ");
  for (let i = 0; i < 3; i++) expect((await overHttp2(cookie)).name).toBe(first.name);
  const overHttp1 = await new Promise<string[]>((resolve, reject) => {
    httpsRequest({ host: "localhost", port: plane.port, ca: ca.certificate, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.headers["set-cookie"] ?? []));
    })
      .on("error", reject)
      .end();
  });
  expect(overHttp1[1]).toMatch(/^AWSALBCORS=.*; Secure$/);
});

test("ALB-62: an answer of the load balancer itself brings no cookie", async () => {
  const { plane } = await setUp(lbCookie);
  plane.change({ groups: [group("g", [], lbCookie)] });
  const { head, cookies } = await ask(plane);
  expect(head).toContain("503 Service Temporarily Unavailable");
  expect(cookies).toEqual([]);
});

test("ALB-63: the application's cookie binds to its target while both cookies come back", async () => {
  const { plane } = await setUp(appCookie, {}, { headers: ["Set-Cookie", "SESSION=s1; Path=/"] });
  const first = await ask(plane);
  expect(first.cookies.map((each) => each.split("=")[0])).toEqual([
    ...["AWSALBAPP-0", "AWSALBAPP-1", "AWSALBAPP-2", "AWSALBAPP-3", "SESSION"],
  ]);
  const both = sentBack(first.cookies);
  for (let i = 0; i < 3; i++) expect((await ask(plane, both)).name).toBe(first.name);
  const alone = both.replace("SESSION=s1", "OTHER=s1");
  const names = [await ask(plane, alone), await ask(plane, alone)].map((each) => each.name);
  expect(names.sort()).toEqual(["one", "two"]);
});

const sticky = (action: Action, DurationSeconds: number): Action =>
  action.Type === "forward"
    ? {
        ...action,
        ForwardConfig: { ...action.ForwardConfig, TargetGroupStickinessConfig: { Enabled: true, DurationSeconds } },
      }
    : action;

async function setUpGroups() {
  const [one, two] = [keep(await namedTarget("one")), keep(await namedTarget("two"))];
  const groups = [group("blue", [localTarget(one.port)]), group("green", [localTarget(two.port)])];
  const action = (blue: number, green: number) => sticky(forwardTo(["blue", blue], ["green", green]), 60);
  const plane = keep(await startPlane({ groups, defaultAction: action(0, 1) }));
  return { plane, action };
}

test("ALB-64: a client stays in its group when the weights are turned round, until its cookie is over", async () => {
  const { plane, action } = await setUpGroups();
  const first = await ask(plane);
  expect(first.name).toBe("two");
  expect(first.cookies.map((each) => each.split("=")[0])).toEqual(["AWSALBTG", "AWSALBTGCORS"]);
  plane.change({ defaultAction: action(1, 0) });
  expect((await ask(plane, sentBack(first.cookies))).name).toBe("two");
  expect((await ask(plane)).name).toBe("one");
  plane.clock.advance(60_000);
  expect((await ask(plane, sentBack(first.cookies))).name).toBe("one");
  expect((await plane.finished(4)).every((each) => each.errorReason === undefined)).toBe(true);
});

test("ALB-64: a bad cookie stands in the access log as AWSALBTGCookieInvalid, and the request goes on", async () => {
  const { plane } = await setUpGroups();
  const reply = await ask(plane, "AWSALBTG=%2Fno");
  expect(reply.head).toContain("200 OK");
  expect(reply.cookies).toHaveLength(2);
  await plane.finished(1);
  expect(plane.records[0]?.errorReason).toBe("AWSALBTGCookieInvalid");
  expect(accessLogLine(plane.records[0]!)).toContain(' "forward" "-" "AWSALBTGCookieInvalid" ');
});

test("ALB-64: the cookies of group and target go together", async () => {
  const [one, two] = [keep(await namedTarget("one")), keep(await namedTarget("two"))];
  const groups = ["blue", "green"].map((name) => group(name, [localTarget(one.port), localTarget(two.port)], lbCookie));
  const plane = keep(await startPlane({ groups, defaultAction: sticky(forwardTo(["blue", 1], ["green", 1]), 60) }));
  const first = await ask(plane);
  expect(first.cookies.map((each) => each.split("=")[0])).toEqual([
    ...["AWSALBTG", "AWSALBTGCORS", "AWSALB", "AWSALBCORS"],
  ]);
  for (let i = 0; i < 6; i++) expect((await ask(plane, sentBack(first.cookies))).name).toBe(first.name);
  const [{ groupArn: chosen } = {}, ...others] = await plane.finished(7);
  expect([groupArn("blue"), groupArn("green")]).toContain(chosen);
  expect(others.every((each) => each.groupArn === chosen && !each.nonSticky)).toBe(true);
});

test("ALB-69: requests to a group that is not sticky are never counted as non-sticky", async () => {
  const { plane } = await setUp({});
  expect((await ask(plane)).cookies).toEqual([]);
  await plane.finished(1);
  expect(plane.records[0]?.nonSticky).toBe(false);
});
