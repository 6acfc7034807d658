import { connect as connectHttp2, constants } from "node:http2";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import { expect, test } from "vitest";
import { closeAfterEach } from "../testing/cleanup.ts";
import { group } from "../testing/fixtures.ts";
import { forwardingTo, type Plane, startPlane, testCertificates } from "../testing/plane.ts";
import { handshake, rawClient } from "../testing/raw-client.ts";
import { ok, rawTarget, switching } from "../testing/raw-target.ts";

const keep = closeAfterEach();

async function setUp() {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port), { protocol: "HTTPS" }));
  const { ca } = await testCertificates();
  return { target, plane, ca: ca.certificate };
}

async function shakeHands(plane: Plane, options: object): Promise<TLSSocket> {
  const { ca } = await testCertificates();
  const socket = tlsConnect({
    host: "127.0.0.1",
    port: plane.port,
    ca: ca.certificate,
    servername: "localhost",
    ...options,
  });
  keep({ close: () => socket.destroy() });
  await new Promise((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  return socket;
}

test("ALB-71: the certificate is chosen by the host that the client names, else it is the first", async () => {
  const { plane } = await setUp();
  const nameOf = async (servername: string) => {
    const socket = await shakeHands(plane, { servername, checkServerIdentity: () => undefined });
    return socket.getPeerCertificate().subject.CN;
  };
  expect(await nameOf("localhost")).toBe("localhost");
  expect(await nameOf("other.test")).toBe("other.test");
  expect(await nameOf("unknown.test")).toBe("localhost");
});

test("ALB-71: the log knows the host and the certificate that were chosen", async () => {
  const { plane, ca, target } = await setUp();
  const client = keep(rawClient(plane.port, { tls: { ca, servername: "other.test" } }));
  client.send("GET / HTTP/1.1\r\nHost: other.test\r\n\r\n");
  const server = await target.next();
  await server.until("X-Forwarded-Proto: https\r\n");
  server.send(ok("hi"));
  const [record] = await plane.finished(1);
  expect(record?.client.tls).toMatchObject({
    serverName: "other.test",
    certificateArn: expect.stringMatching(/other$/),
  });
});

test("ALB-72: a security policy sets the lowest and the highest TLS version", async () => {
  const { plane } = await setUp();
  expect((await shakeHands(plane, {})).getProtocol()).toBe("TLSv1.2");
  plane.change({ listener: { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" } as object });
  expect((await shakeHands(plane, {})).getProtocol()).toBe("TLSv1.3");
  await expect(shakeHands(plane, { maxVersion: "TLSv1.2" })).rejects.toThrow();
});

test("at the end of the process a WebSocket gets its FIN, a waiting connection is closed, and nobody waits in vain", async () => {
  const { plane, ca, target } = await setUp();
  const client = keep(rawClient(plane.port, { tls: { ca } }));
  client.send(handshake());
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(switching);
  await client.until("\r\n\r\n");
  const idle = await shakeHands(plane, {});
  const idleClosed = new Promise((resolve) => idle.once("close", resolve));
  const closed = plane.dataPlane.close(1_000);
  await Promise.all([client.ended, server.ended, idleClosed]);
  expect(client.received).toBe(switching);
  server.socket.destroy();
  // The virtual clock stands still: only the end of the last connection can have done this.
  await closed;
  expect(plane.connections).toEqual({ client: 0, target: 0 });
});

test("ALB-24: plain HTTP on an HTTPS port gets 400, and bytes that are not TLS end their own connection only", async () => {
  const { plane } = await setUp();
  const plain = keep(rawClient(plane.port));
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await plain.ended;
  expect(plain.received).toMatch(/^HTTP\/1.1 400 Bad Request\r\nServer: awselb\/2.0\r\n/);
  expect(plain.received).toContain("The plain HTTP request was sent to HTTPS port");
  const garbage = keep(rawClient(plane.port));
  garbage.send("\x00\x01 not TLS");
  await garbage.ended;
  expect(garbage.received).not.toContain("HTTP");
  expect((await shakeHands(plane, {})).authorized).toBe(true);
});

async function openHttp2(plane: Plane, ca: string) {
  const session = connectHttp2(`https://localhost:${plane.port}`, {
    ca,
    lookup: (_name, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }] as never, 4),
  });
  keep({ close: () => session.destroy() });
  // Its end is what tests look at.
  session.on("error", () => {});
  const ask = (headers: Record<string, string>, body?: string) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const stream = session.request(headers, { endStream: body === undefined });
      let text = "";
      let head: Record<string, unknown> = {};
      stream.setEncoding("utf8");
      stream.on("response", (each) => {
        head = each;
      });
      stream.on("data", (chunk: string) => {
        text += chunk;
      });
      stream.on("error", reject);
      stream.on("close", () =>
        resolve({ status: Number(head[constants.HTTP2_HEADER_STATUS]), headers: head, body: text }),
      );
      if (body !== undefined) stream.end(body);
    });
  await new Promise((resolve, reject) => {
    session.once("remoteSettings", resolve);
    session.once("close", () => reject(new Error("no HTTP/2 session")));
  });
  return { session, ask };
}

test("ALB-19: an HTTP/2 request is forwarded as HTTP/1.1 and its answer comes back", async () => {
  const { plane, ca, target } = await setUp();
  const { ask } = await openHttp2(plane, ca);
  const answer = ask({ ":method": "POST", ":path": "/up?x=1", "x-own": "1", cookie: "a=1" }, "the body");
  const server = await target.next();
  const text = await server.until("the body");
  expect(text).toMatch(/^POST \/up\?x=1 HTTP\/1.1\r\n/);
  expect(text).toContain(`Host: localhost:${plane.port}\r\n`);
  expect(text).toContain("x-own: 1\r\n");
  expect(text).toContain("Transfer-Encoding: chunked\r\n");
  await server.until("0\r\n\r\n");
  server.send(ok("answered", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: keep-alive\r\n"));
  expect(await answer).toMatchObject({ status: 200, body: "answered", headers: { "set-cookie": ["a=1", "b=2"] } });
  const [record] = await plane.finished(1);
  expect(record).toMatchObject({ elbStatus: 200, exchange: { head: { httpVersion: "2.0" } } });
});

test("ALB-19: a target's headers with the names of object members reach HTTP/2 clients as they are", async () => {
  const { plane, ca, target } = await setUp();
  const { ask } = await openHttp2(plane, ca);
  const answer = ask({ ":method": "GET", ":path": "/" });
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("hi", "__proto__: a\r\nconstructor: b\r\nhasOwnProperty: c\r\nconstructor: d\r\n"));
  const { status, headers } = await answer;
  expect(status).toBe(200);
  expect(Object.entries(headers)).toEqual(
    expect.arrayContaining([
      ["__proto__", "a"],
      ["constructor", "b, d"],
      ["hasownproperty", "c"],
    ]),
  );
});

test("ALB-19: a header that HTTP/2 knows only once, sent twice by a target, gives 502", async () => {
  const { plane, ca, target } = await setUp();
  const { ask } = await openHttp2(plane, ca);
  const answer = ask({ ":method": "GET", ":path": "/" });
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send(ok("hi", "ETag: a\r\nETag: b\r\n"));
  expect(await answer).toMatchObject({ status: 502, headers: { server: "awselb/2.0" } });
});

test("ALB-19: a flood of streams that are reset at once ends its connection and leaves nothing behind", async () => {
  const { plane, ca } = await setUp();
  const { session } = await openHttp2(plane, ca);
  const closed = new Promise((resolve) => session.once("close", resolve));
  for (let wave = 0; wave < 30 && !session.destroyed; wave++) {
    for (let i = 0; i < 100 && !session.destroyed; i++) {
      session
        .request({ ":path": "/" })
        .on("error", () => {})
        .close(constants.NGHTTP2_CANCEL);
    }
    await new Promise(setImmediate);
  }
  await closed;
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  // Node gives up the session at once and its socket never: the idle timeout does.
  for (const ms of [250, 61_000, 13_000]) plane.clock.advance(ms);
  while (plane.connections.client + plane.connections.target > 0) await new Promise(setImmediate);
  expect(plane.records.every((each) => each.endedAtMs > 0)).toBe(true);
});

test("ALB-19: HTTP/2 clients get error pages, and HEAD gets no body", async () => {
  const { plane, ca, target } = await setUp();
  const { ask } = await openHttp2(plane, ca);
  const head = ask({ ":method": "HEAD", ":path": "/" });
  const server = await target.next();
  await server.until("\r\n\r\n");
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  expect(await head).toMatchObject({ status: 200, body: "", headers: { "content-length": "5" } });
  plane.change({ groups: [group("g", [])] });
  expect(await ask({ ":method": "GET", ":path": "/" })).toMatchObject({
    status: 503,
    headers: { server: "awselb/2.0" },
  });
});

test("ALB-19: extended CONNECT is not offered, so that browsers open WebSockets over HTTP/1.1", async () => {
  const { plane, ca } = await setUp();
  const { session } = await openHttp2(plane, ca);
  expect(session.remoteSettings.enableConnectProtocol ?? false).toBe(false);
  expect(session.remoteSettings.maxConcurrentStreams).toBe(128);
});

test.each(["an error page", "the target"])(
  "ALB-19: an answer by %s in the middle of an upload ends the stream, and the session goes on",
  async (by) => {
    const { plane, ca, target } = await setUp();
    if (by === "an error page") plane.change({ groups: [group("g", [])] });
    const { session, ask } = await openHttp2(plane, ca);
    const stream = session.request({ ":method": "POST", ":path": "/upload" }, { endStream: false });
    stream.on("error", () => {});
    stream.write("x".repeat(200_000));
    const answered = new Promise<number>((resolve) => {
      stream.on("response", (head) => resolve(Number(head[":status"])));
    });
    if (by === "the target") {
      const server = await target.next();
      await server.until("/upload");
      server.send("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
    }
    expect(await answered).toBe(by === "the target" ? 413 : 503);
    const [record] = await plane.finished(1);
    expect(record?.elbStatus).toBe(by === "the target" ? 413 : 503);
    expect((await ask({ ":path": "/", ":method": "TRACE" })).status).toBe(405);
  },
);

test("ALB-19: routing.http2.enabled switches HTTP/2 off for new connections", async () => {
  const { plane } = await setUp();
  expect((await shakeHands(plane, { ALPNProtocols: ["h2", "http/1.1"] })).alpnProtocol).toBe("h2");
  plane.change({ attributes: { "routing.http2.enabled": "false" } });
  expect((await shakeHands(plane, { ALPNProtocols: ["h2", "http/1.1"] })).alpnProtocol).toBe("http/1.1");
});

test("ALB-19: an HTTP/2 client that cancels is logged as 460, and the target's connection ends", async () => {
  const { plane, ca, target } = await setUp();
  const { session } = await openHttp2(plane, ca);
  const stream = session.request({ ":path": "/slow" });
  stream.on("error", () => {});
  const server = await target.next();
  await server.until("\r\n\r\n");
  stream.close(constants.NGHTTP2_CANCEL);
  await server.ended;
  const [record] = await plane.finished(1);
  expect(record?.elbStatus).toBe(460);
});

test("ALB-6: an HTTP/2 connection without requests is closed after the idle timeout", async () => {
  const { plane, ca } = await setUp();
  const { session } = await openHttp2(plane, ca);
  const closed = new Promise((resolve) => session.once("close", resolve));
  plane.clock.advance(250);
  plane.clock.advance(61_000);
  await closed;
});

test("ALB-34: the body of an HTTP/2 GET is framed for the target, so that it is no second request", async () => {
  const { plane, ca, target } = await setUp();
  const { ask } = await openHttp2(plane, ca);
  const smuggled = "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n";
  const answer = ask({ ":method": "GET", ":path": "/" }, smuggled);
  const server = await target.next();
  const text = await server.until("0\r\n\r\n");
  expect(text).toContain("Transfer-Encoding: chunked\r\n");
  expect(text).toContain(`\r\n\r\n${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`);
  server.send(ok("done"));
  expect(await answer).toMatchObject({ status: 200 });
});

test("ALB-37: CONNECT over HTTP/2 gets 405 and reaches no target", async () => {
  const { plane, ca, target } = await setUp();
  const { session } = await openHttp2(plane, ca);
  const stream = session.request({ ":method": "CONNECT", ":authority": "localhost" });
  stream.on("error", () => {});
  const head = await new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
  expect(head[":status"]).toBe(405);
  stream.destroy();
  expect(target.connections).toHaveLength(0);
});

test("ALB-35: an HTTP/2 request whose body stops coming ends with its connection, even when it was answered", async () => {
  const { plane, ca } = await setUp();
  plane.change({ groups: [group("g", [])] });
  const { session } = await openHttp2(plane, ca);
  const closed = new Promise((resolve) => session.once("close", resolve));
  const stream = session.request({ ":method": "POST", ":path": "/" });
  stream.on("error", () => {});
  stream.resume();
  await new Promise((resolve) => stream.once("response", resolve));
  // The idle timeout, and what targets have to fail first.
  for (const ms of [250, 61_000, 12_000]) plane.clock.advance(ms);
  await closed;
  expect((await plane.finished(1))[0]?.elbStatus).toBe(503);
});
