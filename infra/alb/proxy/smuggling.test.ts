import { expect, test } from "vitest";
import { closeAfterEach } from "../testing/cleanup.ts";
import { forwardingTo, startPlane } from "../testing/plane.ts";
import { rawClient } from "../testing/raw-client.ts";
import { ok, rawTarget } from "../testing/raw-target.ts";

const keep = closeAfterEach();
const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
const post = (headers: string, body: string) => `POST /outer HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`;
const chunk = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
const te = "Transfer-Encoding: chunked\r\n";

test.each([
  ["CL.TE", post(`Content-Length: 5\r\n${te}`, `0\r\n\r\n${smuggled}`), 400],
  ["TE.CL", post(`${te}Content-Length: 4\r\n`, chunk), 400],
  ["TE.TE by a second coding", post(`${te}Transfer-Encoding: x\r\n`, `0\r\n\r\n${smuggled}`), 400],
  ["TE.TE by a list", post("Transfer-Encoding: chunked, identity\r\n", `0\r\n\r\n${smuggled}`), 400],
  ["TE.TE by an unknown coding", post("Transfer-Encoding: xchunked\r\n", `0\r\n\r\n${smuggled}`), 501],
  ["TE.TE by a vertical tab", post("Transfer-Encoding: \x0bchunked\r\n", `0\r\n\r\n${smuggled}`), 400],
  ["TE.TE by a space before the colon", post("Transfer-Encoding : chunked\r\n", `0\r\n\r\n${smuggled}`), 400],
  ["TE.TE by a folded header", post("X: y\r\n Transfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`), 400],
  ["TE.TE by a bare LF", post("X: y\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`), 400],
  ["TE.TE by a bare CR", post("X: y\rTransfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`), 400],
  ["CL.CL with different lengths", post("Content-Length: 0\r\nContent-Length: 38\r\n", smuggled), 400],
  ["CL.CL with equal lengths", post("Content-Length: 0\r\nContent-Length: 0\r\n", smuggled), 400],
  ["a list of lengths", post("Content-Length: 0, 38\r\n", smuggled), 400],
  ["a signed length", post("Content-Length: +0\r\n", smuggled), 400],
  ["a negative length", post("Content-Length: -1\r\n", smuggled), 400],
  ["a hexadecimal length", post("Content-Length: 0x26\r\n", smuggled), 400],
  ["an empty length", post("Content-Length:\r\n", smuggled), 400],
  ["a length beyond all numbers", post(`Content-Length: ${"9".repeat(30)}\r\n`, smuggled), 400],
  ["a NUL in a name", post("Content\0-Length: 3\r\n", smuggled), 400],
  ["a NUL in a value", post("X: a\0\r\n", smuggled), 400],
  ["a header without a colon", post("Content-Length 3\r\n", smuggled), 400],
  ["a header without a name", post(": x\r\n", smuggled), 400],
  ["a space in the URI", `GET /outer /x HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`, 400],
  ["a bare LF behind the request line", `GET /outer HTTP/1.1\nHost: x\n\n${smuggled}`, 400],
  ["bytes over 127 in the URI", `GET /outer\xff HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`, 400],
  ["an unknown version", `GET /outer HTTP/1.2\r\nHost: x\r\n\r\n${smuggled}`, 400],
  ["a method of no token", `GE(T /outer HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`, 400],
  ["a Host with a line end in it", `GET /outer HTTP/1.1\r\nHost: x\r\r\n\r\n${smuggled}`, 400],
])(
  "ALB-34: %s gets its status and the end of its connection, and no byte of it reaches the target",
  async (_title, bytes, status) => {
    const target = keep(await rawTarget());
    const plane = keep(await startPlane(forwardingTo(target.port)));
    const [client, other] = [keep(rawClient(plane.port)), keep(rawClient(plane.port))];
    other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
    const server = await target.next();
    await server.until("\r\n\r\n");
    client.socket.write(Buffer.from(bytes, "latin1"));
    await client.ended;
    client.close();
    expect(client.received).toMatch(new RegExp(`^HTTP/1.1 ${status} .*Connection: close\\r\\n`, "s"));
    expect(client.received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    server.send(ok("undisturbed"));
    await other.until("undisturbed");
    // What could have been forwarded has gone the same way as this one.
    other.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
    await server.until("/again");
    expect(target.connections).toHaveLength(1);
    expect(server.received).not.toMatch(/outer|smuggled/);
  },
);

test("ALB-34: lengths and codings that a Connection header names stay with the message", async () => {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port)));
  const client = keep(rawClient(plane.port));
  client.send(
    post(`Connection: Content-Length, Transfer-Encoding\r\nContent-Length: ${smuggled.length}\r\n`, smuggled),
  );
  const server = await target.next();
  expect(await server.until("/smuggled")).toContain(`Content-Length: ${smuggled.length}\r\n`);
});

test("ALB-36: a hundred thousand tiny headers end with 400, and others go on", async () => {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port)));
  const bomb = keep(rawClient(plane.port));
  bomb.send(`GET /bomb HTTP/1.1\r\nHost: x\r\n${"a:\r\n".repeat(100_000)}\r\n`);
  await bomb.ended;
  expect(bomb.received).toMatch(/^HTTP\/1.1 400 /);
  const client = keep(rawClient(plane.port));
  client.send("GET /good HTTP/1.1\r\nHost: x\r\n\r\n");
  const server = await target.next();
  await server.until("/good");
  expect(target.connections).toHaveLength(1);
});

test("ALB-35: two hundred connections that trickle are ended, and somebody who is quick is served meanwhile", async () => {
  const target = keep(await rawTarget());
  const plane = keep(await startPlane(forwardingTo(target.port)));
  const slow = Array.from({ length: 200 }, () => keep(rawClient(plane.port)));
  const trickle = async (text: string) => {
    for (const each of slow) each.send(text);
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  };
  await trickle("GET / HTTP/1.1\r\n");
  while (plane.connections.client < slow.length) await new Promise(setImmediate);
  await trickle("Host: x\r\n");
  plane.clock.advance(250);
  for (let seconds = 0; seconds < 60; seconds += 20) {
    plane.clock.advance(20_000);
    await trickle("X: y\r\n");
  }
  const quick = keep(rawClient(plane.port));
  quick.send("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
  const server = await target.next();
  await server.until("/quick");
  server.send(ok("served"));
  await quick.until("served");
  plane.clock.advance(500);
  await Promise.all(slow.map((each) => each.ended));
  expect(slow.every((each) => each.received.startsWith("HTTP/1.1 408 "))).toBe(true);
  for (const each of slow) each.close();
  expect(target.connections).toHaveLength(1);
});
