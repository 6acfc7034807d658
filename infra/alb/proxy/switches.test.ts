import { expect, test } from "vitest";
import { targetKey } from "../model/types.ts";
import { defaultSwitches } from "../switches.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { forwardTo, group, groupArn } from "../testing/fixtures.ts";
import { namedTarget } from "../testing/named-target.ts";
import { forwardingTo, localTarget, type Plane, startPlane, testCertificates } from "../testing/plane.ts";
import { handshake, rawClient } from "../testing/raw-client.ts";

const keep = closeAfterEach();

async function openWebSocket(plane: Plane, tls?: { ca: string }) {
  const client = keep(rawClient(plane.port, tls ? { tls } : {}));
  const errors: string[] = [];
  client.socket.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? ""));
  client.send(handshake());
  const head = await client.until("\r\n\r\n");
  return { client, errors, name: /^HTTP\/1.1 101 (\w+)/.exec(head)?.[1] };
}

test("ALB-51: by switch an open WebSocket does not count as outstanding", async () => {
  const attributes = { "load_balancing.algorithm.type": "least_outstanding_requests" };
  const chosen = async (webSocketsOutstanding: boolean) => {
    const [one, two] = [keep(await namedTarget("one")), keep(await namedTarget("two"))];
    const groups = [group("g", [localTarget(one.port)], attributes)];
    const switches = { webSocketsOutstanding };
    const plane = keep(await startPlane({ groups, defaultAction: forwardTo(["g", 1]) }, { switches }));
    for (let i = 0; i < 6; i++) await openWebSocket(plane);
    plane.change({ groups: [group("g", [localTarget(one.port), localTarget(two.port)], attributes)] });
    const names: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) names.push((await openWebSocket(plane)).name);
    return names.sort();
  };
  expect(await chosen(true)).toEqual(["two", "two", "two", "two"]);
  expect(await chosen(false)).toEqual(["one", "one", "two", "two"]);
});

test.each([
  ["FIN", "HTTP", []],
  ["RST", "HTTP", ["ECONNRESET"]],
  ["FIN", "HTTPS", []],
  ["RST", "HTTPS", ["ECONNRESET"]],
] as const)("ALB-58: at the deadline a WebSocket gets %s over %s", async (drainDeadlineClose, protocol, expected) => {
  const one = keep(await namedTarget("one"));
  const switches = { ...defaultSwitches, drainDeadlineClose };
  const plane = keep(await startPlane(forwardingTo(one.port), { protocol, switches }));
  const { ca } = await testCertificates();
  const { client, errors } = await openWebSocket(plane, protocol === "HTTPS" ? { ca: ca.certificate } : undefined);
  client.send("on its way");
  const key = targetKey(groupArn("g"), localTarget(one.port));
  plane.dataPlane.cut(key);
  await client.ended;
  client.close();
  const [record] = await plane.finished(1);
  expect(errors).toEqual(expected);
  expect(record?.elbStatus).toBe(101);
  expect(plane.dataPlane.workload.outstanding(key)).toBe(0);
});

test("ALB-58: the switch resets at the deadline only, an ending load balancer says FIN", async () => {
  const one = keep(await namedTarget("one"));
  const plane = await startPlane(forwardingTo(one.port), { switches: { drainDeadlineClose: "RST" } });
  const { client, errors } = await openWebSocket(plane);
  const closed = plane.dataPlane.close(2_000);
  await client.ended;
  client.close();
  await closed;
  expect(errors).toEqual([]);
});
