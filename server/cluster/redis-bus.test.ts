import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { describeBus } from "./bus-contract.ts";
import { PENDING_PUBLISHES_MAX } from "./limits.ts";
import { RedisBus } from "./redis-bus.ts";
import { createRedisClient } from "./redis-client.ts";
import { sharedRedis, startRedis, type TestRedis } from "./redis-for-tests.ts";
import { ShardSubscriber } from "./shard-subscriber.ts";

const WAIT = { timeout: 5000, interval: 5 };

function busTo(url: string): RedisBus {
  const client = () => createRedisClient(url, "test", () => {});
  return new RedisBus(client(), new ShardSubscriber(client(), systemClock));
}

async function connected(url: string): Promise<RedisBus> {
  const bus = busTo(url);
  await expect.poll(() => bus.connected, WAIT).toBe(true);
  return bus;
}

let redis: Awaited<ReturnType<typeof sharedRedis>>;
describeBus("RedisBus", {
  start: async () => {
    redis = await sharedRedis();
  },
  connect: () => connected(redis.url),
  channel: () => `test:${randomUUID()}`,
  until: (condition) => expect.poll(condition, WAIT).toBe(true),
  stop: () => redis.stop(),
});

describe("RedisBus without Redis", { timeout: 30_000 }, () => {
  const started: TestRedis[] = [];
  const buses: RedisBus[] = [];
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
    await Promise.all(started.splice(0).map((server) => server.kill()));
  });

  async function start(port?: number): Promise<TestRedis> {
    const server = await startRedis(port);
    started.push(server);
    return server;
  }

  it("listens again by itself when an empty Redis is back, and says so", async () => {
    const first = await start();
    const bus = await connected(first.url);
    buses.push(bus);
    const got: number[] = [];
    await bus.subscribe("room", (bytes) => got.push(bytes[0]!));
    let returns = 0;
    bus.onReturn(() => returns++);
    await first.kill();
    await expect.poll(() => bus.connected, WAIT).toBe(false);
    bus.publish("room", Uint8Array.of(1));
    // At once, or when the publishing connection has noticed as well.
    await expect.poll(() => bus.dropped, WAIT).toBe(1);

    await start(first.port);
    await expect.poll(() => bus.connected, WAIT).toBe(true);
    expect(returns).toBe(1);
    bus.publish("room", Uint8Array.of(2));
    await expect.poll(() => got, WAIT).toEqual([2]);
  });

  it("takes a subscription while Redis is away, and brings it into force later", async () => {
    const gone = await start();
    await gone.kill();
    const bus = busTo(gone.url);
    buses.push(bus);
    const got: number[] = [];
    await bus.subscribe("room", (bytes) => got.push(bytes[0]!));
    await start(gone.port);
    await expect.poll(() => bus.connected, WAIT).toBe(true);
    bus.publish("room", Uint8Array.of(3));
    await expect.poll(() => got, WAIT).toEqual([3]);
  });

  it("drops messages beyond its limit instead of keeping them", async () => {
    const bus = await connected((await start()).url);
    buses.push(bus);
    for (let sent = 0; sent < PENDING_PUBLISHES_MAX + 10; sent++) bus.publish("room", Uint8Array.of(1));
    expect(bus.dropped).toBe(10);
  });
});
