import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { RoomCode } from "../room/room-port.ts";
import { ClusterUnavailable } from "./cluster.ts";
import { createRedisClient } from "./redis-client.ts";
import { sharedRedis, startRedis } from "./redis-for-tests.ts";
import { RedisStore } from "./redis-store.ts";
import { CONTRACT_TIMING, describeStore } from "./store-contract.ts";

async function connected(url: string, prefix = `test-${randomUUID()}:`): Promise<RedisStore> {
  const client = createRedisClient(url, "test", () => {});
  await new Promise<void>((resolve) => client.once("ready", resolve));
  return new RedisStore(client, { prefix, ...CONTRACT_TIMING });
}

let redis: Awaited<ReturnType<typeof sharedRedis>>;
describeStore("RedisStore", {
  start: async () => {
    redis = await sharedRedis();
  },
  create: () => connected(redis.url),
  // Redis has its own clock, so what runs out there has to run out in truth.
  pass: (durationMs) => wait(durationMs),
  stop: () => redis.stop(),
});

it("shows a version that does not know arenas leases of arenas that never run out", async () => {
  const shared = await sharedRedis();
  const prefix = `test-${randomUUID()}:`;
  const store = await connected(shared.url, prefix);
  const asVersion1 = createRedisClient(shared.url, "test", () => {});
  await new Promise<void>((resolve) => asVersion1.once("ready", resolve));
  const code = "ARNA" as RoomCode;
  const claim = { code, epoch: 1, birth: "b", owner: { id: "a", version: "v1" }, waters: "arena" as const };
  const heir = { id: "b", version: "v1" };
  /** What its scripts compare with Redis's clock. */
  const until = async () => Number(await asVersion1.hget(`${prefix}{${code}}:room`, "until"));
  const inAYear = Date.now() + 365 * 24 * 3_600_000;
  await store.hold(claim);
  expect(await until()).toBeGreaterThan(inAYear);
  await store.handOver(claim, heir, Uint8Array.of(1));
  expect(await until()).toBeGreaterThan(inAYear);
  await store.free({ ...claim, epoch: 2, owner: heir }, Uint8Array.of(1));
  expect(await until()).toBeGreaterThan(inAYear);
  expect(await store.takeOver(code, 2, claim.owner)).toMatchObject({ taken: true });
  expect(await until()).toBeGreaterThan(inAYear);
  asVersion1.disconnect();
  await store.close();
  await shared.stop();
});

describe("RedisStore without Redis", { timeout: 30_000 }, () => {
  const code = "ABCD" as RoomCode;

  it("refuses at once, and works again by itself when an empty Redis is back", async () => {
    const first = await startRedis();
    const store = await connected(first.url);
    const claim = { code, epoch: 3, birth: "b", owner: { id: "a", version: "v1" }, waters: "basin" as const };
    await store.hold(claim);
    await first.kill();
    await expect(store.room(code)).rejects.toBeInstanceOf(ClusterUnavailable);

    const second = await startRedis(first.port);
    await expect.poll(() => store.room(code).catch(() => "away"), { timeout: 5000 }).toBeUndefined();
    expect(await store.hold(claim)).toEqual({ held: true });
    expect(await store.room(code)).toMatchObject(claim);
    await store.close();
    await second.kill();
  });
});
