// Real servers over a Redis that wants TLS and a password, as ElastiCache does.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readSnapshotHeader } from "../game/protocol/index.ts";
import { startTlsRedis, type TlsRedis } from "./cluster/redis-tls-for-tests.ts";
import { RawClient } from "./gateway/server-for-tests.ts";
import { type ServerProcess, startServerProcess } from "./server-process-for-tests.ts";

const WAIT = { timeout: 30_000, interval: 50 };

let redis: TlsRedis;
const servers: ServerProcess[] = [];

beforeAll(async () => {
  redis = await startTlsRedis();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.end("SIGKILL")));
});

afterAll(() => redis.stop());

async function start(id: string, environment: Record<string, string>): Promise<ServerProcess> {
  const server = await startServerProcess(id, redis.url, environment);
  servers.push(server);
  return server;
}

const reasons = async (server: ServerProcess) => (await (await fetch(`${server.http}/readyz`)).json()).reasons;

describe("a Redis that speaks TLS and wants a password", { timeout: 90_000 }, () => {
  it("carries a room to players on another server", async () => {
    const trusted = { NODE_EXTRA_CA_CERTS: redis.certificateFile, REDIS_PASSWORD: redis.password };
    const inUrl = redis.url.replace("rediss://", `rediss://:${encodeURIComponent(redis.password)}@`);
    const [a, b] = await Promise.all([
      start("a1", trusted),
      start("b1", { NODE_EXTRA_CA_CERTS: redis.certificateFile, REDIS_URL: inUrl }),
    ]);
    for (const server of [a, b]) await expect.poll(() => reasons(server), WAIT).toEqual([]);
    const ann = await RawClient.introduced(a.url);
    const { room } = await ann.ask("join", { name: "Ann" });
    const ben = await RawClient.introduced(b.url);
    expect(await ben.ask("join", { name: "Ben", room })).toMatchObject({ ok: true, path: { owner: { id: "a1" } } });
    await ben.frames(10);
    expect(readSnapshotHeader(ben.binaries.at(-1)!)).toMatchObject({ epoch: 1 });
    for (const client of [ann, ben]) client.socket.terminate();
  });

  it.each([
    ["whose password is wrong", { REDIS_PASSWORD: "wrong" }, /WRONGPASS/],
    ["that says no password", {}, /NOAUTH/],
    [
      "that does not trust its certificate",
      { NODE_EXTRA_CA_CERTS: "", REDIS_PASSWORD: "wrong" },
      /self-signed certificate/,
    ],
  ])(
    "is out of reach for a server %s, which says so, lives on, and lets players play",
    async (_who, variables, why) => {
      const server = await start("c1", { NODE_EXTRA_CA_CERTS: redis.certificateFile, ...variables });
      await expect.poll(() => server.log(), WAIT).toMatch(why);
      expect(await reasons(server)).toEqual(["redis-unreachable"]);
      const ann = await RawClient.introduced(server.url);
      expect(await ann.ask("join", { name: "Ann" })).toMatchObject({ ok: true });
      await ann.frames(10);
      ann.socket.terminate();
    },
  );
});
