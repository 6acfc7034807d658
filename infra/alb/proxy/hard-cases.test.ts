import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { forwardTo, group, pathRule } from "../testing/fixtures.ts";
import { namedTarget } from "../testing/named-target.ts";
import { forwardingTo, localTarget, startPlane } from "../testing/plane.ts";
import { get, handshake, rawClient } from "../testing/raw-client.ts";
import { ok, rawTarget } from "../testing/raw-target.ts";

const keep = closeAfterEach();

async function setUp(attributes: Record<string, string> = {}) {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane({ ...forwardingTo(target.port), attributes }));
  return { target, plane, client: keep(rawClient(plane.port)) };
}
const desync = (mode: string) => ({ "routing.http.desync_mitigation_mode": mode });
/** Both ends live in this event loop: in so many turns of it the bytes have been read. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
};

test("ALB-22: an ambiguous request has a connection of its own, and both connections end with it", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/first"));
  const shared = await target.next();
  await shared.until("\r\n\r\n");
  shared.send(ok("one"));
  await client.until("one");
  client.send(`${get("/ambiguous", "Content-Length: 3\r\n")}abc${get("/smuggled")}`);
  const own = await target.next();
  expect(await own.until("abc")).toContain("Connection: close\r\n");
  own.send(ok("two"));
  await Promise.all([own.ended, client.ended]);
  expect(client.received).toMatch(/Connection: close\r\n.*two$/s);
  expect(target.connections.map((each) => each.received).join()).not.toContain("smuggled");
  const records = await plane.finished(2);
  expect(records[0]?.classification).toBeUndefined();
  expect(records[1]).toMatchObject({
    ...{ elbStatus: 200, classification: "Ambiguous", classificationReason: "UndefinedContentLengthSemantics" },
  });
});

test("ALB-22: in mode monitor an ambiguous request is an ordinary one, but noted", async () => {
  const { client, target, plane } = await setUp(desync("monitor"));
  client.send(`${get("/a", "Content-Length: 3\r\n")}abc`);
  const server = await target.next();
  await server.until("abc");
  server.send(ok("one"));
  await client.until("one");
  client.send(get("/b"));
  await server.until("/b");
  expect(plane.records[0]).toMatchObject({ classification: "Ambiguous" });
});

test.each([
  ["acceptable", get("/", "Content-Length: 0\r\n"), "GetHeadZeroContentLength"],
  ["acceptable", get("/", "X: caf\xe9\r\n"), "NonCompliantHeader"],
  ["ambiguous", get("/", "Transfer_Encoding: chunked\r\n"), "SuspiciousHeader"],
])("ALB-22: in mode strictest even an %s request gets 400 and reaches no target", async (_class, bytes, reason) => {
  const { client, target, plane } = await setUp(desync("strictest"));
  client.socket.write(Buffer.from(bytes + get("/behind"), "latin1"));
  await client.ended;
  expect(client.received.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 400"]);
  expect(target.connections).toHaveLength(0);
  const records = await plane.finished(1);
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ elbStatus: 400, classificationReason: reason });
});

test("ALB-23: what is pipelined behind a refused request reaches no target", async () => {
  const { client, target } = await setUp();
  client.send(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n${get("/behind")}`);
  await client.ended;
  client.close();
  await settle();
  expect(client.received.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 501"]);
  expect(target.connections).toHaveLength(0);
});

test("ALB-23: garbage behind a good request gets 400 after the good answer", async () => {
  const { client, target, plane } = await setUp();
  client.send(`${get("/good")}GARBAGE\r\n\r\n`);
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("fine"));
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1.1 200 OK.*fineHTTP\/1.1 400 Bad Request/s);
  expect(plane.badRequests).toEqual([400]);
  expect(target.connections).toHaveLength(1);
});

test("ALB-36: of very many pipelined requests the first 128 are answered, then the connection ends", async () => {
  const target = keep(await namedTarget("answer"));
  const plane = keep(await startPlane(forwardingTo(target.port)));
  const client = keep(rawClient(plane.port));
  client.send(get("/").repeat(1_000));
  await client.ended;
  client.close();
  expect(client.received.match(/HTTP\/1.1 200 OK/g)).toHaveLength(limits.maxPipelinedRequests);
  expect(client.received.match(/Connection: close/g)).toHaveLength(1);
  expect(target.requests).toHaveLength(limits.maxPipelinedRequests);
  await plane.finished(limits.maxPipelinedRequests);
});

test("ALB-39: an upgrade that asks for the end of its connection gets it with a refusal", async () => {
  const { client, plane } = await setUp();
  plane.change({ groups: [group("g", [])] });
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n");
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1.1 503 .*Connection: close\r\n/s);
});

test.each([
  ["a size that overflows", "fffffffffffffffff\r\nabc"],
  ["a size that is no number", "x\r\nabc"],
  ["more bytes than announced", "3\r\nabcd\r\n"],
  ["a bare LF in an extension", "3;a\nb\r\nabc\r\n"],
  ["a bare LF after the size", "3\nabc\r\n"],
])("ALB-23: a chunked body with %s gets 400, and the target's connection ends", async (_title, rest) => {
  const { client, target, plane } = await setUp();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
  const server = await target.next();
  await server.until("ok");
  client.send(`${rest}\r\n0\r\n\r\n${get("/behind")}`);
  await Promise.all([client.ended, server.ended]);
  expect(client.received).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*Connection: close/s);
  expect((await plane.finished(1))[0]?.elbStatus).toBe(400);
  expect(target.connections).toHaveLength(1);
  expect(server.received).not.toContain("behind");
});

test("ALB-23: chunk extensions are understood and go no further", async () => {
  const { client, target } = await setUp();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b;c\r\nabc\r\n0\r\n\r\n");
  const server = await target.next();
  await server.until("0\r\n\r\n");
  expect(server.received).toMatch(/\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/);
});

test("ALB-35: half a request that stalls behind a good one gets 408", async () => {
  const { client, target, plane } = await setUp();
  client.send(`${get("/good")}GET /half HT`);
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("fine"));
  await client.until("fine");
  await plane.finished(1);
  plane.clock.advance(250);
  plane.clock.advance(61_000);
  await client.ended;
  expect(client.received).toMatch(/fineHTTP\/1.1 408 Request Time-out\r\n/);
  expect(plane.badRequests).toEqual([408]);
});

test("ALB-35: a connection that waits after a request is closed without a word", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/good"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("fine"));
  await plane.finished(1);
  plane.clock.advance(250);
  plane.clock.advance(61_000);
  await client.ended;
  expect(client.received).toMatch(/fine$/);
});

test("ALB-25: an expectation that nobody can meet gets 417 with AWS's page, and reaches no target", async () => {
  const { client, target, plane } = await setUp();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 2\r\n\r\nhi");
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1.1 417 Expectation Failed\r\nServer: awselb\/2.0\r\n/);
  expect((await plane.finished(1))[0]?.elbStatus).toBe(417);
  expect(target.connections).toHaveLength(0);
});

test("ALB-25: HTTP/2's version on an HTTP/1 connection gets 505", async () => {
  const { client, target } = await setUp();
  client.send(`GET / HTTP/2.0\r\nHost: x\r\n\r\n${get("/behind")}`);
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1.1 505 HTTP Version Not Supported\r\n/);
  expect(client.received.match(/HTTP\/1.1/g)).toHaveLength(1);
  expect(target.connections).toHaveLength(0);
});

test("ALB-25: an upgrade pipelined behind HTTP/2's version gets no answer, and breaks nothing", async () => {
  const { client, target } = await setUp();
  client.send(`GET / HTTP/2.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n${handshake()}`);
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1.1 505 /);
  expect(client.received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(target.connections).toHaveLength(0);
});

test("ALB-26: a target with as many connections as it may have gives 503, the others go on", async () => {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port), { maxTargetConnections: 1 }));
  const [first, second] = [keep(rawClient(plane.port)), keep(rawClient(plane.port))];
  first.send(get("/1"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  second.send(get("/2"));
  await second.until("503 Service");
  server.send(ok("one"));
  await first.until("one");
  await settle();
  second.send(get("/3"));
  await server.until("/3");
  expect(target.connections).toHaveLength(1);
});

test("ALB-6: a client that does not read its answer is left soon after the idle timeout", async () => {
  const { client, target, plane } = await setUp();
  client.socket.pause();
  client.send(get("/"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  const chunk = Buffer.alloc(1024 * 1024, "a");
  server.send(`HTTP/1.1 200 OK\r\nContent-Length: ${chunk.length * 64}\r\n\r\n`);
  for (let i = 0; i < 64; i++) server.socket.write(chunk);
  const stalled = () => server.socket.writableLength;
  for (let same = 0, before = stalled(); same < 20; same++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (stalled() !== before) same = 0;
    before = stalled();
  }
  expect(stalled()).toBeGreaterThan(0);
  plane.clock.advance(250);
  plane.clock.advance(60_500 + limits.stalledClientGraceMs);
  await server.ended;
  await plane.finished(1);
});

test("ALB-49: a transform changes what the target sees, and nothing that rules look at", async () => {
  const { client, target, plane } = await setUp();
  const rewriting = {
    ...pathRule(1, "/old/*", forwardTo(["g", 1])),
    transforms: [
      { Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "^/old/(\\w+)", Replace: "/new/$1" }] } },
      {
        Type: "host-header-rewrite",
        HostHeaderRewriteConfig: { Rewrites: [{ Regex: "^local(.*)$", Replace: "inner$1.test" }] },
      },
    ] as const,
  };
  plane.change({ rules: [rewriting], groups: [group("g", [localTarget(target.port)])] });
  client.send(get("/old/room?x=1"));
  const server = await target.next();
  expect(await server.until("\r\n\r\n")).toMatch(/^GET \/new\/room\?x=1 HTTP\/1.1\r\n/);
  expect(server.received).toContain(`Host: innerhost.test:${plane.port}\r\n`);
  server.send(ok("one"));
  await client.until("one");
  client.send(get("/old/!"));
  await server.until("GET /old/!");
  server.send(ok("two"));
  const [first] = await plane.finished(2);
  expect(first).toMatchObject({
    ...{ transformedUri: "/new/room?x=1", transformedHost: "innerhost.test", transformStatus: "TransformSuccess" },
    exchange: { head: { target: "/old/room?x=1" } },
  });
});

test("ALB-49: a transform that fails gives 500 and reaches no target", async () => {
  const { client, target, plane } = await setUp();
  const bad = { Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "^/", Replace: "" }] } } as const;
  plane.change({ rules: [{ ...pathRule(1, "/*", forwardTo(["g", 1])), transforms: [bad] }] });
  client.send(get("/old"));
  await client.until("500 Internal Server Error");
  expect((await plane.finished(1))[0]).toMatchObject({ elbStatus: 500, transformStatus: "TransformInvalidPath" });
  expect(target.connections).toHaveLength(0);
});
