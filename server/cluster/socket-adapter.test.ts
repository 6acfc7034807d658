import { once } from "node:events";
import { Server } from "socket.io";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { createRedisClient } from "./redis-client.ts";
import { startRedis, type TestRedis } from "./redis-for-tests.ts";
import { ShardSubscriber } from "./shard-subscriber.ts";
import { createSocketAdapter } from "./socket-adapter.ts";

const WAIT = { timeout: 5000, interval: 10 };

const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  expect(unhandled).toEqual([]);
});

async function redisServer(port?: number): Promise<TestRedis> {
  const redis = await startRedis(port);
  ends.push(() => redis.kill());
  return redis;
}

/** A Socket.IO server without sockets, on its own connections to Redis. */
function socketServer(url: string): { io: Server; subscriber: ShardSubscriber } {
  const publisher = createRedisClient(url, "publish", () => {});
  const subscriber = new ShardSubscriber(
    createRedisClient(url, "listen", () => {}),
    systemClock,
  );
  const io = new Server({ adapter: createSocketAdapter(publisher, subscriber) });
  io.of("/");
  ends.push(() => {
    subscriber.close();
    publisher.disconnect();
  });
  return { io, subscriber };
}

describe("the Socket.IO adapter", { timeout: 30_000 }, () => {
  it("brings what one server emits to another", async () => {
    const redis = await redisServer();
    const [one, two] = [socketServer(redis.url), socketServer(redis.url)];
    await expect.poll(() => one.subscriber.ready && two.subscriber.ready, WAIT).toBe(true);
    const heard = once(two.io, "hello");
    one.io.serverSideEmit("hello", "there");
    expect(await heard).toEqual(["there"]);
  });

  it("outlives a Redis that goes away and comes back, without a rejection that nobody hears", async () => {
    const redis = await redisServer();
    const [one, two] = [socketServer(redis.url), socketServer(redis.url)];
    await expect.poll(() => one.subscriber.ready && two.subscriber.ready, WAIT).toBe(true);
    await redis.kill();
    await expect.poll(() => one.subscriber.ready || two.subscriber.ready, WAIT).toBe(false);
    one.io.to("room:ABCD").emit("roster", {});
    one.io.in("player:p1").disconnectSockets();
    one.io.of("/").adapter.addAll("socket-1", new Set(["room:ABCD"]));
    one.io.of("/").adapter.delAll("socket-1");

    await redisServer(redis.port);
    await expect.poll(() => one.subscriber.ready && two.subscriber.ready, WAIT).toBe(true);
    const heard = once(two.io, "hello");
    one.io.serverSideEmit("hello", "again");
    expect(await heard).toEqual(["again"]);
  });
});
