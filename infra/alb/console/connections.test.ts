import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { targetKey } from "../model/types.ts";
import { groupArn } from "../testing/fixtures.ts";
import { lookAtConnections, type OpenConnection } from "./connections.ts";

const connection = (number: number, more: Partial<OpenConnection> = {}): OpenConnection => ({
  traceId: `TID_${number}`,
  peerAddress: "127.0.0.1",
  peerPort: 40_000 + number,
  port: 8443,
  http2: false,
  tunnelled: false,
  latestTarget: undefined,
  acceptedAtMs: number,
  listener: { protocol: "HTTPS" },
  socket: { bytesRead: number, bytesWritten: 2 * number },
  ...more,
});
const backend = { id: "10.0.0.1", port: 3000 };
const latestTarget = { ...backend, key: targetKey(groupArn("g"), backend), protocol: "HTTP" as const };

test("ALB-88: a connection is told with kind, listener, target, age and bytes", () => {
  const { newest } = lookAtConnections(
    new Set([
      connection(1, { peerAddress: "::1" }),
      connection(2, { http2: true, latestTarget }),
      connection(3, { tunnelled: true, latestTarget, port: 8080, listener: { protocol: "HTTP" } }),
    ]),
  );
  expect(newest.map(({ kind, client, listener, target }) => [kind, client, listener, target])).toEqual([
    ["ws", "127.0.0.1:40003", "HTTP:8080", "10.0.0.1:3000"],
    ["h2", "127.0.0.1:40002", "HTTPS:8443", "10.0.0.1:3000"],
    ["http", "[::1]:40001", "HTTPS:8443", undefined],
  ]);
  expect(newest[0]).toMatchObject({ acceptedAtMs: 3, receivedBytes: 3, sentBytes: 6 });
});

test("ALB-88: of 2,000 connections all are counted and the newest are listed, newest first", () => {
  const many = new Set(
    Array.from({ length: 2_000 }, (_, index) => connection(index, { tunnelled: index % 2 === 0, latestTarget })),
  );
  const look = lookAtConnections(many);
  expect(look).toMatchObject({ total: 2_000, byKind: { ws: 1_000, http: 1_000, h2: 0 } });
  expect(look.byPort).toEqual(new Map([[8443, 2_000]]));
  expect(look.byTarget).toEqual(new Map([[latestTarget.key, 1_000]]));
  expect(look.newest.map(({ acceptedAtMs }) => acceptedAtMs)).toEqual(
    Array.from({ length: limits.maxConsoleConnections }, (_, index) => 1_999 - index),
  );
});
