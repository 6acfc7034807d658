import { expect, test } from "vitest";
import { targetKey } from "../model/types.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { forwardTo, group, groupArn } from "../testing/fixtures.ts";
import { forwardingTo, localTarget, type Plane, startPlane, testCertificates } from "../testing/plane.ts";
import { handshake, rawClient } from "../testing/raw-client.ts";
import type { RawSocket } from "../testing/raw-socket.ts";
import { ok, type RawTarget, rawTarget, switching } from "../testing/raw-target.ts";

const keep = closeAfterEach();

async function setUp(
  protocol: "HTTP" | "HTTPS" = "HTTP",
): Promise<{ target: RawTarget; plane: Plane; client: RawSocket }> {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port), { protocol }));
  const { ca } = await testCertificates();
  const client = keep(rawClient(plane.port, protocol === "HTTPS" ? { tls: { ca: ca.certificate } } : {}));
  return { target, plane, client };
}

/** Resolves when a number has stopped changing. */
async function settled(value: () => number): Promise<void> {
  for (let same = 0, before = value(); same < 20; same++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (value() !== before) {
      same = 0;
      before = value();
    }
  }
}

async function openWebSocket(protocol: "HTTP" | "HTTPS" = "HTTP") {
  const parts = await setUp(protocol);
  parts.client.send(handshake());
  const server = await parts.target.next();
  await server.until("\r\n\r\n");
  server.send(switching);
  await parts.client.until("\r\n\r\n");
  return { ...parts, server };
}

test.each(["HTTP", "HTTPS"] as const)("ALB-1: a WebSocket over %s is a pipe of bytes both ways", async (protocol) => {
  const { client, server } = await openWebSocket(protocol);
  expect(server.received).toContain("Upgrade: websocket\r\n");
  expect(server.received).toContain("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  expect(client.received).toBe(switching);
  client.send("not a frame \x00\xff");
  await server.until("not a frame");
  server.send("neither is this");
  await client.until("neither is this");
});

test("ALB-1: the 101's own headers pass through unchanged", async () => {
  const { client, target } = await setUp();
  client.send(handshake());
  const server = await target.next();
  await server.until("\r\n\r\n");
  const head = switching.replace("\r\n\r\n", "\r\nSec-WebSocket-Accept: x=\r\nX-Two: a\r\nX-Two: b\r\n\r\n");
  server.send(`${head}first bytes`);
  await client.until("first bytes");
  expect(client.received).toBe(`${head}first bytes`);
});

test("ALB-2: what the client sends before the 101 reaches the target after it", async () => {
  const { client, target } = await setUp();
  client.send(`${handshake()}early `);
  const server = await target.next();
  await server.until("\r\n\r\n");
  client.send("and late");
  expect(server.received).not.toContain("early");
  server.send(switching);
  await server.until("early and late");
});

test("ALB-3: an answer other than 101 is an ordinary response", async () => {
  const { client, target, plane } = await setUp();
  client.send(handshake());
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Why: no\r\n\r\nno");
  const [record] = await plane.finished(1);
  await client.until(/\r\n\r\nno$/);
  expect(client.received).toMatch(/^HTTP\/1.1 403 Forbidden\r\n.*X-Why: no\r\n.*\r\n\r\nno$/s);
  expect(record).toMatchObject({ elbStatus: 403, targetStatus: 403 });
});

test.each(["HTTP", "HTTPS"] as const)(
  "ALB-3: after an answer other than 101 the connection over %s goes on, with what the client sent meanwhile",
  async (protocol) => {
    const { client, target, plane } = await setUp(protocol);
    client.send(`${handshake()}GET /second HTTP/1.1\r\nHost: x\r\n\r\n`);
    const server = await target.next();
    await server.until("\r\n\r\n");
    client.send("GET /third HTTP/1.1\r\nHost: x\r\n\r\n");
    // More than one buffer, so that it has to wait for the client.
    const body = "x".repeat(1024 * 1024);
    server.send(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const [one, other] = [await target.next(), await target.next()];
    await Promise.all([one.until("\r\n\r\n"), other.until("\r\n\r\n")]);
    const [second, third] = one.received.startsWith("GET /second ") ? [one, other] : [other, one];
    expect(third.received).toMatch(/^GET \/third /);
    second.send(ok("answer two"));
    third.send(ok("answer three"));
    await client.until("answer three");
    client.send(handshake("/fourth"));
    const fourth = await target.next();
    await fourth.until("/fourth");
    fourth.send(switching);
    await client.until(/101 Switching Protocols/);
    client.send("frames");
    await fourth.until("frames");
    expect(plane.records.map((each) => each.elbStatus)).toEqual([403, 200, 200]);
  },
);

test("ALB-3: a client that leaves in the middle of such a response takes the connection to the target along", async () => {
  const { client, target, plane } = await setUp();
  client.send(handshake());
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nendle\r\n");
  await client.until("endle");
  client.socket.resetAndDestroy();
  await server.ended;
  await plane.finished(1);
});

test("ALB-9: an upgrade pipelined behind other requests waits for their answers, then it is a WebSocket", async () => {
  const { client, target, plane } = await setUp();
  client.send(`GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n${handshake()}early`);
  const [one, two] = [await target.next(), await target.next()];
  await Promise.all([one.until("\r\n\r\n"), two.until("\r\n\r\n")]);
  const [first, second] = one.received.startsWith("GET /1 ") ? [one, two] : [two, one];
  second.send(ok("second"));
  // More than one buffer, so that it has to wait for the client.
  const body = "x".repeat(1024 * 1024);
  expect(target.connections).toHaveLength(2);
  first.send(ok(body));
  await client.until("second");
  const third = await target.next();
  await third.until("Upgrade: websocket");
  third.send(switching);
  await client.until("101 Switching");
  await third.until("early");
  expect(client.received.indexOf("second")).toBeGreaterThan(client.received.indexOf(body));
  expect(plane.records.map((each) => each.elbStatus)).toEqual([200, 200]);
});

test("ALB-9: a client that leaves while its upgrade waits leaves nothing behind", async () => {
  const { client, target, plane } = await setUp();
  client.send(`GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n${handshake()}`);
  const servers = [await target.next(), await target.next()];
  await Promise.all(servers.map((each) => each.until("\r\n\r\n")));
  client.socket.resetAndDestroy();
  await Promise.all(servers.map((each) => each.ended));
  expect((await plane.finished(2)).map((each) => each.elbStatus)).toEqual([460, 460]);
  expect(target.connections).toHaveLength(2);
});

test.each(["Content-Length: 5", "Transfer-Encoding: chunked"])(
  "ALB-39: an upgrade with %s gets 400 and reaches no target",
  async (framing) => {
    const { client, target, plane } = await setUp();
    client.send(`${handshake("/ws", `${framing}\r\n`)}hello`);
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*Connection: close/s);
    expect(plane.badRequests).toEqual([400]);
    expect(target.connections).toHaveLength(0);
  },
);

test("ALB-4: another kind of upgrade is served as a plain request", async () => {
  const { client, target } = await setUp();
  client.send(
    "GET /h2c HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n\r\n",
  );
  const server = await target.next();
  await server.until("\r\n\r\n");
  expect(server.received).not.toMatch(/upgrade|http2-settings/i);
  server.send(ok("plain"));
  await client.until("plain");
  client.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
  await server.until("/again");
});

test("ALB-5: when the target ends, the client gets its last bytes and then the end", async () => {
  const { client, server, plane } = await openWebSocket();
  server.socket.end("last words");
  await client.ended;
  expect(client.received).toBe(`${switching}last words`);
  client.close();
  const [record] = await plane.finished(1);
  expect(record).toMatchObject({ elbStatus: 101, targetStatus: 101, webSocket: true });
});

test("ALB-5: when the client ends, so does the connection to the target", async () => {
  const { client, server, plane } = await openWebSocket();
  client.socket.end("bye");
  await server.ended;
  expect(server.received).toMatch(/bye$/);
  server.socket.end();
  await plane.finished(1);
  expect(plane.connections).toEqual({ client: 0, target: 0 });
});

test.each(["client", "target"] as const)(
  "ALB-5: a reset by the %s ends both sides and leaves nothing behind",
  async (side) => {
    const { client, server, plane } = await openWebSocket();
    if (side === "client") client.socket.resetAndDestroy();
    else server.socket.resetAndDestroy();
    await (side === "client" ? server.ended : client.ended);
    client.close();
    server.socket.destroy();
    await plane.finished(1);
    expect(plane.connections).toEqual({ client: 0, target: 0 });
    expect(plane.dataPlane.workload.outstanding(targetKey(groupArn("g"), localTarget(0)))).toBe(0);
  },
);

test("ALB-5: a side that never ends is left after the linger time", async () => {
  const { client, server, plane } = await openWebSocket();
  server.socket.end();
  await client.ended;
  // The raw client holds its half open; its target has ended.
  plane.clock.advance(2_000);
  client.close();
  await plane.finished(1);
});

test("ALB-6: a silent WebSocket is cut after the idle timeout, without a word", async () => {
  const { client, server, plane } = await openWebSocket();
  plane.clock.advance(59_000);
  server.send("x");
  await client.until("\r\n\r\nx");
  plane.clock.advance(59_000);
  expect(client.socket.readyState).toBe("open");
  plane.clock.advance(1_500);
  await Promise.all([client.ended, server.ended]);
  expect(client.received).toBe(`${switching}x`);
});

test("ALB-6: an open WebSocket keeps the idle timeout with which it began", async () => {
  const { client, plane } = await openWebSocket();
  plane.change({ attributes: { "idle_timeout.timeout_seconds": "4000" } });
  plane.clock.advance(61_000);
  await client.ended;
});

test("ALB-7: a client that does not read slows the target down, and gets every byte in the end", async () => {
  const { client, server } = await openWebSocket();
  client.socket.pause();
  const total = 24 * 1024 * 1024;
  const chunk = Buffer.alloc(256 * 1024, "a");
  let sent = 0;
  while (sent < total && server.socket.write(chunk)) sent += chunk.length;
  for (; sent < total; sent += chunk.length) server.socket.write(chunk);
  // With everything in flight, most of it still waits at the target: the load balancer holds only its bounded part.
  await settled(() => server.socket.writableLength);
  expect(server.socket.writableLength).toBeGreaterThan(total / 2);
  let got = 0;
  await new Promise<void>((resolve) => {
    client.socket.removeAllListeners("data");
    client.socket.on("data", (bytes: Buffer) => {
      got += bytes.length;
      if (got >= total) resolve();
    });
    client.socket.resume();
  });
  expect(got).toBeGreaterThanOrEqual(total);
});

test("ALB-8: changing rules, attributes and targets costs no open WebSocket", async () => {
  const { client, server, plane, target } = await openWebSocket();
  plane.change({ defaultAction: forwardTo(["other", 1]), groups: [group("g", []), group("other", [])] });
  plane.change(forwardingTo(target.port), () => "unhealthy");
  plane.change({ groups: [group("g", [localTarget(target.port, { drainEndsAtMs: 1 })])] });
  client.send("still here");
  await server.until("still here");
});

test("ALB-51: an open WebSocket counts as outstanding until it is closed", async () => {
  const { client, server, plane, target } = await openWebSocket();
  const key = targetKey(groupArn("g"), localTarget(target.port));
  expect(plane.dataPlane.workload.outstanding(key)).toBe(1);
  client.close();
  await server.ended;
  server.socket.end();
  await plane.finished(1);
  expect(plane.dataPlane.workload.outstanding(key)).toBe(0);
});

test("ALB-58: at the end of the deregistration delay an open WebSocket is ended by FIN", async () => {
  const { client, server, plane, target } = await openWebSocket();
  plane.dataPlane.cut(targetKey(groupArn("g"), localTarget(target.port)));
  await Promise.all([client.ended, server.ended]);
  expect(client.received).toBe(switching);
});

test("ALB-31: an upgrade without a usable target gets 503", async () => {
  const { client, plane } = await setUp();
  plane.change({ groups: [group("g", [])] });
  client.send(handshake());
  await client.until("</html>");
  expect(client.received).toMatch(/^HTTP\/1.1 503 Service Temporarily Unavailable\r\nServer: awselb\/2.0\r\n/);
});

test("ALB-38: a client that leaves during the handshake is logged as 460, and the target's connection ends", async () => {
  const { client, target, plane } = await setUp();
  client.send(handshake());
  const server = await target.next();
  await server.until("\r\n\r\n");
  client.close();
  await server.ended;
  const [record] = await plane.finished(1);
  expect(record?.elbStatus).toBe(460);
});
