// Bytes that are nearly HTTP, against the running data plane with a real target behind it.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { targetKey } from "../model/types.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { groupArn } from "../testing/fixtures.ts";
import { forwardingTo, localTarget, startPlane } from "../testing/plane.ts";
import { rawClient } from "../testing/raw-client.ts";

const keep = closeAfterEach();

/** Answers everything that Node's strict parser takes, and remembers what it was asked. */
async function strictTarget() {
  const asked: string[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    // A client that leaves breaks its request off here.
    request.on("error", () => {});
    request.resume();
    request.on("end", () => response.end("answer"));
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code !== "ECONNRESET" && error.code !== "HPE_INVALID_EOF_STATE") faults.push(error.code ?? "?");
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  keep({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { port: (server.address() as AddressInfo).port, asked, faults };
}

const method = fc.constantFrom("GET", "POST", "HEAD", "PUT", "OPTIONS", "TRACE", "CONNECT", "get", "M-SEARCH", "G(T");
const version = fc.constantFrom(
  ...["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.9", "http/1.1", ""],
);
const header = fc.constantFrom(
  ...["Host: x", "Host: y", "Host:", "Host: a/b", "Content-Length: 4", "Content-Length: 0", "Content-Length: 4, 4"],
  ...[
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding : chunked",
    "transfer_encoding: chunked",
  ],
  ...["Connection: close", "Connection: upgrade", "Connection: content-length", "Upgrade: websocket", "Upgrade: h2c"],
  ...["Expect: 100-continue", "Expect: x", "X: \x01", "X: \xff", "X: a\tb", " folded", "nocolon", ": noname", "X:"],
  ...[
    "Cookie: AWSALB=x; AWSALBCORS=%%",
    "X-Forwarded-For: 1.1.1.1, junk",
    "X-Amzn-Trace-Id: Root=;;Self=",
    "TE: trailers",
  ],
  ...[`X-Forwarded-For: ${"1,".repeat(40)}`, `X: ${"y".repeat(17_000)}`, "__proto__: 1", "Trailer: X", "X: a\0b"],
);
const lineEnd = fc.constantFrom("\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n");
const body = fc.constantFrom(
  "",
  "",
  "abcd",
  "4\r\nabcd\r\n0\r\n\r\n",
  "fffffffffffffffff\r\n",
  "4;x\nabcd\r\n0\r\n\r\n",
  "0\r\nX: y\r\n\r\n",
);
const request = fc.record({
  method,
  version,
  headers: fc.array(header, { maxLength: 5 }),
  hostFirst: fc.boolean(),
  lineEnd,
  body,
});
const damage = fc.record({ at: fc.nat(400), cut: fc.nat(3), put: fc.string({ unit: "binary", maxLength: 3 }) });
const conversation = fc.record({
  requests: fc.array(request, { minLength: 1, maxLength: 3 }),
  damages: fc.array(damage, { maxLength: 2 }),
  /** Where the bytes are parted into two writes. */
  parted: fc.nat(300),
});

test("ALB-29: whatever stands where a request should be, nothing crashes, hangs, leaks or slips through", async () => {
  const target = await strictTarget();
  const plane = keep(await startPlane(forwardingTo(target.port)));
  const statuses = new Set<number>();
  let count = 0;
  const run = async ({ requests, damages, parted }: typeof conversation extends fc.Arbitrary<infer T> ? T : never) => {
    const id = ++count;
    let bytes = Buffer.from(
      requests
        .map(({ lineEnd: end, ...each }, i) =>
          [
            `${each.method} /${id}-${i} ${each.version}`,
            ...(each.hostFirst ? ["Host: localhost"] : []),
            ...each.headers,
            "",
            each.body,
          ].join(end),
        )
        .join(""),
      "latin1",
    );
    for (const { at, cut, put } of damages) {
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(put, "latin1"), bytes.subarray(at + cut)]);
    }
    const client = rawClient(plane.port);
    client.socket.write(bytes.subarray(0, parted));
    await new Promise(setImmediate);
    client.socket.write(bytes.subarray(parted));
    // Time for an answer; that none came in it does no harm.
    for (let turn = 0; turn < 30; turn++) await new Promise(setImmediate);
    client.socket.end();
    await client.ended;
    client.close();
    const answers = [...client.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((each) => Number(each[1]));
    for (const each of answers) statuses.add(each);
    // A refusal is the first and last word on its connection, unless good requests came before it.
    const own = (url: string) => new RegExp(`^/${id}-\\d`).test(url);
    const refusedAtOnce =
      answers[0] === 400 && !plane.records.some((each) => each.target && own(each.exchange.head.target));
    if (refusedAtOnce) expect(target.asked.filter(own)).toEqual([]);
    expect(answers.filter((each) => ![100, 200, 400, 405, 408, 414, 417, 463, 501, 502, 505].includes(each))).toEqual(
      [],
    );
  };
  await fc.assert(fc.asyncProperty(conversation, run), { seed: 29, numRuns: 400, endOnFailure: true });

  while (plane.connections.client > 0) await new Promise(setImmediate);
  // Whatever the target was asked, somebody here knows of: no request was made of the pieces of another.
  const dispatched = plane.records.filter((each) => each.target).map((each) => each.exchange.head.target);
  const unknown = target.asked.filter((url) => !dispatched.includes(url));
  expect(unknown).toEqual([]);
  expect(target.asked.length).toBeLessThanOrEqual(dispatched.length);
  expect(target.faults).toEqual([]);
  expect(plane.dataPlane.workload.outstanding(targetKey(groupArn("g"), localTarget(target.port)))).toBe(0);
  // The run has been somewhere: good answers and each kind of refusal came.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 405, 417, 501, 505]));
  await plane.dataPlane.close(0);
  while (plane.connections.target > 0) await new Promise(setImmediate);
  expect(plane.connections).toEqual({ client: 0, target: 0 });
});
