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
