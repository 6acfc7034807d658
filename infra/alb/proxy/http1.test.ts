import { expect, test } from "vitest";
import { targetKey } from "../model/types.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { forwardTo, group, groupArn, pathRule } from "../testing/fixtures.ts";
import { forwardingTo, localTarget, startPlane } from "../testing/plane.ts";
import { get, rawClient } from "../testing/raw-client.ts";
import { ok, rawTarget } from "../testing/raw-target.ts";

const keep = closeAfterEach();

async function setUp() {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port)));
  return { target, plane, client: keep(rawClient(plane.port)) };
}

test("ALB-14: a request reaches the target as it is, with the load balancer's headers", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/a%20b?x=1&y", "X-Case: Kept\r\nCookie: a=1\r\n"));
  const server = await target.next();
  const text = await server.until("\r\n\r\n");
  expect(text).toMatch(/^GET \/a%20b\?x=1&y HTTP\/1.1\r\n/);
  expect(text).toContain("X-Case: Kept\r\nCookie: a=1\r\n");
  expect(text).toContain(
    `X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: ${plane.port}\r\n`,
  );
  expect(text).toMatch(/X-Amzn-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24}\r\n/);
  expect(text).toContain(`Host: localhost:${plane.port}\r\n`);
});

test("ALB-21: the response passes with the target's own headers, and the listener's set over them", async () => {
  const { client, target, plane } = await setUp();
  plane.change({
    listener: { attributes: { "routing.http.response.x_frame_options.header_value": "DENY" } },
  });
  client.send(get("/"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(
    ok(
      "hi",
      "Server: mine\r\nX-Frame-Options: ALLOW\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: timeout=9\r\n",
    ),
  );
  const text = await client.until("hi");
  expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(text).toContain("Server: mine\r\n");
  expect(text).toContain("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n");
  expect(text).toContain("x-frame-options: DENY\r\n");
  expect(text).not.toMatch(/ALLOW|timeout=9/);
});

test("ALB-17: requests of different clients share a kept-alive connection to the target", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/1"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("one"));
  await client.until("one");
  await plane.finished(1);
  const other = keep(rawClient(plane.port));
  other.send(get("/2"));
  await server.until("GET /2");
  server.send(ok("two"));
  await other.until("two");
  expect(target.connections).toHaveLength(1);
});

test("ALB-17: a waiting connection to a target is closed when the target is deregistered, one in use is not", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/1"));
  const waiting = await target.next();
  await waiting.until("\r\n\r\n");
  waiting.send(ok("one"));
  await client.until("one");
  await plane.finished(1);
  plane.change({ groups: [group("g", [localTarget(target.port, { drainEndsAtMs: 1 })])] });
  await waiting.ended;

  plane.change(forwardingTo(target.port));
  client.send(get("/2"));
  const busy = await target.next();
  await busy.until("GET /2");
  plane.change({ groups: [group("g", [localTarget(target.port, { drainEndsAtMs: 1 })])] });
  busy.send(ok("two"));
  await client.until("two");
});

test("ALB-17: a connection to a target that waits for the idle timeout is closed", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/1"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("one"));
  await plane.finished(1);
  plane.clock.advance(61_000);
  await server.ended;
  await client.ended;
});

test("ALB-16: bodies stream both ways at once, chunked ones as well", async () => {
  const { client, target } = await setUp();
  client.send("POST /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
  const server = await target.next();
  await server.until("first");
  server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
  await client.until("one");
  client.send("6\r\nsecond\r\n0\r\n\r\n");
  await server.until("second");
  server.send("3\r\ntwo\r\n0\r\n\r\n");
  await client.until(/two\r\n0\r\n\r\n$/);
});

test("ALB-15: 100 Continue is answered here, and the header goes no further", async () => {
  const { client, target } = await setUp();
  client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  await client.until("HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  const server = await target.next();
  expect(await server.until("body")).not.toMatch(/expect/i);
  server.send(ok("done"));
  await client.until("done");
});

test("ALB-14: pipelined requests are answered in their order", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/1") + get("/2"));
  const first = await target.next();
  await first.until("GET /1");
  first.send(ok("one"));
  const second = target.connections[1] ?? first;
  await second.until("GET /2");
  second.send(ok("two"));
  expect((await client.until("two")).indexOf("one")).toBeLessThan(client.received.indexOf("two"));
  expect(await plane.finished(2)).toHaveLength(2);
});

test("ALB-18: after client_keep_alive one more request is served, then the connection is closed", async () => {
  const { client, target, plane } = await setUp();
  plane.change({ attributes: { "client_keep_alive.seconds": "60", "idle_timeout.timeout_seconds": "4000" } });
  const late = keep(rawClient(plane.port));
  late.send(get("/1"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("one"));
  expect(await late.until("one")).toContain("Connection: keep-alive\r\n");
  plane.clock.advance(61_000);
  late.send(get("/2"));
  await server.until("GET /2");
  server.send(ok("two"));
  await late.ended;
  expect(late.received).toContain("Connection: close\r\n");
  client.close();
});

test("ALB-46: a new table counts from the next request on, also on a connection that is open", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/1"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  const fixed = (MessageBody: string) => ({
    Type: "fixed-response" as const,
    FixedResponseConfig: { StatusCode: "200", ContentType: "text/plain", MessageBody },
  });
  plane.change({ rules: [pathRule(1, "/2", fixed("from the rule"))] });
  server.send(ok("from the target"));
  await client.until("from the target");
  client.send(get("/2"));
  await client.until("from the rule");
  expect(client.received).toContain("Content-Type: text/plain; charset=utf-8\r\n");
});

test("ALB-44: a redirect answers with Location and keeps the connection", async () => {
  const plane = keep(
    await startPlane({
      groups: [],
      defaultAction: {
        Type: "redirect",
        RedirectConfig: {
          ...{ Protocol: "HTTPS", Port: "8443", Host: "#{host}", Path: "/#{path}", Query: "#{query}" },
          StatusCode: "HTTP_301",
        },
      },
    }),
  );
  const client = keep(rawClient(plane.port));
  client.send(get("/room?x=1"));
  const text = await client.until("</html>");
  expect(text).toMatch(/^HTTP\/1.1 301 Moved Permanently\r\nServer: awselb\/2.0\r\n/);
  expect(text).toContain("Location: https://localhost:8443/room?x=1\r\n");
  expect(text).toContain("Connection: keep-alive\r\n");
});

test("ALB-59: a request still under way at the end of the deregistration delay gets 502", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/slow"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  plane.dataPlane.cut(targetKey(groupArn("g"), localTarget(target.port)));
  await client.until("502 Bad Gateway");
  await server.ended;
});

test("ALB-50: requests go round over the targets", async () => {
  const targets = [keep(await rawTarget()), keep(await rawTarget())];
  const plane = keep(await startPlane(forwardingTo(...targets.map((each) => each.port))));
  for (let i = 0; i < 4; i++) {
    const client = keep(rawClient(plane.port));
    const target = targets[i % 2]!;
    client.send(get(`/${i}`));
    const server = i < 2 ? await target.next() : target.connections[0]!;
    await server.until(`GET /${i} `);
    server.send(ok(`answer ${i}`));
    await client.until(`answer ${i}`);
    await plane.finished(i + 1);
  }
});

test("ALB-43: a weighted forward without any weight gets 503", async () => {
  const { client, plane, target } = await setUp();
  plane.change({ ...forwardingTo(target.port), defaultAction: forwardTo(["g", 0]) });
  client.send(get("/"));
  await client.until("503 Service Temporarily Unavailable");
});

test("ALB-80: bytes of both directions are counted for each request", async () => {
  const { client, target, plane } = await setUp();
  const request = get("/");
  client.send(request);
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("x".repeat(1000)));
  await client.until("x".repeat(1000));
  const [record] = await plane.finished(1);
  expect(record).toMatchObject({ receivedBytes: request.length, sentBytes: client.received.length, elbStatus: 200 });
});
