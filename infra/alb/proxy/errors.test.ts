import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { group } from "../testing/fixtures.ts";
import { freePort } from "../testing/free-port.ts";
import { forwardingTo, localTarget, startPlane } from "../testing/plane.ts";
import { get, rawClient } from "../testing/raw-client.ts";
import { ok, rawTarget } from "../testing/raw-target.ts";

const keep = closeAfterEach();

async function setUp() {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port)));
  return { target, plane, client: keep(rawClient(plane.port)) };
}

test("ALB-30: an error page looks like AWS's, to the byte", async () => {
  const { client, plane } = await setUp();
  plane.change({ groups: [group("g", [])] });
  client.send(get("/"));
  const [head, body] = (await client.until("</html>\r\n")).split("\r\n\r\n");
  expect(head).toMatch(
    /^HTTP\/1.1 503 Service Temporarily Unavailable\r\nServer: awselb\/2.0\r\nContent-Type: text\/html\r\nContent-Length: 162\r\n/,
  );
  expect(body).toHaveLength(162);
  expect(body).toBe(
    "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n" +
      "<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n",
  );
});

test("ALB-30: the Server header can be switched off", async () => {
  const { client, plane } = await setUp();
  plane.change({
    groups: [group("g", [])],
    listener: { attributes: { "routing.http.response.server.enabled": "false" } },
  });
  client.send(get("/"));
  expect(await client.until("</html>")).not.toContain("awselb");
});

test("ALB-31: without a usable target there is 503, and the connection goes on", async () => {
  const { client, plane, target } = await setUp();
  plane.change({}, () => "initial");
  client.send(get("/1"));
  await client.until("503 Service");
  plane.change({}, () => "healthy");
  client.send(get("/2"));
  await (await target.next()).until("GET /2");
});

test("ALB-32: a target that refuses the connection gives 502", async () => {
  const { client, plane } = await setUp();
  plane.change({ groups: [group("g", [localTarget(await freePort())])] });
  client.send(get("/"));
  await client.until(/^HTTP\/1.1 502 Bad Gateway\r\n.*Content-Length: 122\r\n/s);
  const [record] = await plane.finished(1);
  expect(record).toMatchObject({ elbStatus: 502, targetStatus: undefined, connectFailed: true });
});

test.each([
  ["closes without an answer", ""],
  ["answers with something that is not HTTP", "SSH-2.0-OpenSSH\r\n\r\n"],
  ["answers with a head that is too long", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(33 * 1024)}\r\n\r\n`],
  ["answers with bad headers", "HTTP/1.1 200 OK\r\nBad Header\r\n\r\n"],
  [
    "answers 101 to an ordinary request",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
  ],
])("ALB-32: a target that %s gives 502", async (_title, answer) => {
  const { client, plane, target } = await setUp();
  client.send(get("/"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.socket.end(answer);
  await client.until("502 Bad Gateway");
  const [record] = await plane.finished(1);
  expect(record).toMatchObject({ elbStatus: 502, connectFailed: false });
});

test("ALB-32: a target that breaks off in the middle of a response ends the client's connection", async () => {
  const { client, target } = await setUp();
  client.send(get("/"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  await client.until("half");
  server.socket.destroy();
  await client.ended;
  expect(client.received).toMatch(/half$/);
});

test("ALB-33: a target that says nothing for the idle timeout gives 504", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  plane.clock.advance(61_000);
  await client.until(/^HTTP\/1.1 504 Gateway Time-out\r\n.*Content-Length: 132\r\n/s);
  await server.ended;
});

test("ALB-33: a 504 whose turn comes after another answer waits for it, and spoils nothing", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/slow") + get("/silent"));
  const legs = [await target.next(), await target.next()];
  await Promise.all(legs.map((each) => each.until("\r\n\r\n")));
  const [slow, silent] = legs[0]!.received.startsWith("GET /slow") ? legs : legs.reverse();
  slow!.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none");
  await client.until("one");
  plane.clock.advance(59_000);
  slow!.send("two");
  await client.until("two");
  plane.clock.advance(1_500);
  await silent!.ended;
  // Our own end of that connection has been noticed as well when a later request has its answer.
  const other = keep(rawClient(plane.port));
  other.send(get("/other"));
  const third = await target.next();
  await third.until("\r\n\r\n");
  third.send(ok("undisturbed"));
  await other.until("undisturbed");
  slow!.send("six");
  expect(await client.until(/504 Gateway Time-out\r\n.*<\/html>/s)).toMatch(/\r\n\r\nonetwosixHTTP\/1.1 504 /);
});

test("ALB-33: a connection that is not established within 10 s, here for want of its TLS handshake, gives 504", async () => {
  const { client, plane, target } = await setUp();
  plane.change({ groups: [{ ...group("g", [localTarget(target.port)]), protocol: "HTTPS" }] });
  client.send(get("/"));
  await target.next();
  plane.clock.advance(limits.targetConnectTimeoutMs - 1);
  expect(client.received).toBe("");
  plane.clock.advance(1);
  await client.until("504 Gateway Time-out");
  const [record] = await plane.finished(1);
  expect(record).toMatchObject({ elbStatus: 504, connectFailed: true });
});

test.each([
  ["no Host", "GET / HTTP/1.1\r\n\r\n"],
  [
    "both Content-Length and Transfer-Encoding",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["two Content-Lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"],
  ["a space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"],
  ["a bare CR in a header", "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n"],
  ["a NUL in a header", "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n"],
  ["a folded header", "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n"],
  ["a Host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n"],
  ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"],
  ["an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
])("ALB-34: a request with %s gets 400 and the end of its connection, and reaches no target", async (_title, bytes) => {
  const { client, target } = await setUp();
  client.send(bytes);
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*Connection: close\r\n/s);
  expect(target.connections).toHaveLength(0);
});

test.each(["xchunked", "gzip", "gzip, chunked", "identity, chunked"])(
  "ALB-34: Transfer-Encoding %s gets 501 and reaches no target",
  async (coding) => {
    const { client, target } = await setUp();
    client.send(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`);
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1.1 501 Not Implemented\r\n/);
    expect(target.connections).toHaveLength(0);
  },
);

test("ALB-34: a bad request disturbs nobody else", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/good"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  const bad = keep(rawClient(plane.port));
  bad.send("garbage\r\n\r\n");
  await bad.ended;
  server.send(ok("fine"));
  await client.until("fine");
  expect(plane.badRequests).toEqual([400]);
});

test("ALB-35: half a request gets 408 after the idle timeout, a silent connection is closed without a word", async () => {
  const { client, plane } = await setUp();
  const silent = keep(rawClient(plane.port));
  client.send("GET / HTTP/1.1\r\nHost: x\r\n");
  while (plane.connections.client < 2) await new Promise(setImmediate);
  // Both ends live in this event loop: in so many turns of it the bytes have been read.
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  plane.clock.advance(250);
  plane.clock.advance(61_000);
  await Promise.all([client.ended, silent.ended]);
  expect(client.received).toMatch(/^HTTP\/1.1 408 Request Time-out\r\n/);
  expect(silent.received).toBe("");
});

test("ALB-35: a head that trickles gets 408 after 60 s, however often a byte comes", async () => {
  const { client, plane } = await setUp();
  const trickle = async (text: string) => {
    client.send(text);
    // As above: in so many turns the bytes have been read.
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  };
  await trickle("GET / HTTP/1.1\r\nHost: x\r\n");
  plane.clock.advance(250);
  for (let seconds = 0; seconds < 50; seconds += 10) {
    plane.clock.advance(10_000);
    await trickle("X: y\r\n");
  }
  expect(client.received).toBe("");
  plane.clock.advance(10_250);
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1.1 408 Request Time-out\r\n/);
  expect(plane.badRequests).toEqual([408]);
});

test("ALB-35: a body that stops coming gets 408", async () => {
  const { client, target, plane } = await setUp();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  const server = await target.next();
  await server.until("half");
  plane.clock.advance(61_000);
  await client.ended;
  expect(client.received).toMatch(/^HTTP\/1.1 408 /);
  await server.ended;
});

test.each([
  ["a header line over 16 K", get("/", `X: ${"x".repeat(16 * 1024)}\r\n`), 400],
  ["a request line over 16 K", get(`/${"x".repeat(16 * 1024)}`), 414],
  ["more than 64 K of headers", get("/", `${`X: ${"x".repeat(10_000)}\r\n`.repeat(7)}`), 400],
])("ALB-36: %s is refused", async (_title, bytes, status) => {
  const { client, target } = await setUp();
  client.send(bytes);
  await client.until(`HTTP/1.1 ${status} `);
  expect(target.connections).toHaveLength(0);
});

test("ALB-36: hundreds of small headers all reach the target", async () => {
  const { client, target } = await setUp();
  client.send(get("/", Array.from({ length: 2500 }, (_, i) => `X-${i}: ${i}\r\n`).join("")));
  const server = await target.next();
  expect(await server.until("\r\n\r\n")).toContain("X-2499: 2499\r\n");
});

test.each([
  ["TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405],
  ["CONNECT", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 405],
  ["31 addresses in X-Forwarded-For", get("/", `X-Forwarded-For: ${Array(31).fill("1.1.1.1").join(",")}\r\n`), 463],
])("ALB-37: %s is refused", async (_title, bytes, status) => {
  const { client } = await setUp();
  client.send(bytes);
  await client.until(`HTTP/1.1 ${status} `);
});

test("ALB-38: a client that leaves before the answer is logged as 460, and the target's connection ends", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  client.close();
  await server.ended;
  const [record] = await plane.finished(1);
  expect(record).toMatchObject({ elbStatus: 460, targetStatus: undefined });
});

test("ALB-36: more connections than allowed are closed at once, and the others go on", async () => {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port), { maxClientConnections: 1 }));
  const first = keep(rawClient(plane.port));
  first.send(get("/1"));
  const server = await target.next();
  await server.until("GET /1");
  const second = keep(rawClient(plane.port));
  await second.ended;
  expect(second.received).toBe("");
  server.send(ok("one"));
  await first.until("one");
  expect(plane.connections.client).toBe(1);
});

test("ALB-32: a 101 that nobody asked for gives 502", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/"));
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  await client.until("502 Bad Gateway");
  expect((await plane.finished(1))[0]?.elbStatus).toBe(502);
});

test("ALB-46: a changed idle timeout counts for targets that are already connected", async () => {
  const { client, target, plane } = await setUp();
  client.send(get("/1"));
  const server = await target.next();
  await server.until("GET /1");
  server.send(ok("one"));
  await client.until("one");
  plane.change({ attributes: { "idle_timeout.timeout_seconds": "5" } });
  client.send(get("/2"));
  await server.until("GET /2");
  plane.clock.advance(250);
  plane.clock.advance(5_500);
  await client.until("504 Gateway Time-out");
});
