// The whole cluster over a real Redis of its own: three servers in this process, killed and healed for real. Short; the many cases are
// tested on virtual time.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { inputsOf, Tab } from "./cluster-for-tests.ts";
import { startRedis, type TestRedis } from "./redis-for-tests.ts";
import { endServers, type RedisServer, startServer, WAIT } from "./redis-server-for-tests.ts";
import { CLAIM_CONTACT_MS } from "./timing.ts";

let redis: TestRedis;
let servers: RedisServer[];

beforeEach(async () => {
  redis = await startRedis();
  servers = [];
  return async () => {
    await endServers(servers);
    await redis.kill();
  };
});

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
process.on("unhandledRejection", note);
afterEach(() => expect(unhandled).toEqual([]));

const start = (name: string): Promise<RedisServer> => startServer(redis.url, name, servers);

/** A room on the first server, with one player there and one at the second. */
async function share(a: RedisServer, b: RedisServer): Promise<{ ann: Tab; bob: Tab }> {
  const ann = new Tab(a, await a.cluster.quickPlay(), "ann");
  expect(await ann.join()).toMatchObject({ ok: true });
  const bob = new Tab(b, (await b.cluster.find(ann.port.code))!, "bob");
  expect(await bob.join()).toMatchObject({ ok: true });
  await expect.poll(() => bob.frames.length, WAIT).toBeGreaterThan(30);
  return { ann, bob };
}

describe("the cluster over a real Redis", { timeout: 30_000 }, () => {
  it("relays every tick of a room to a gateway elsewhere, and its inputs back", async () => {
    const { ann, bob } = await share(await start("a"), await start("b"));
    const ticks = bob.frames.map((frame) => frame.tick);
    expect(ticks.every((tick, index) => index === 0 || tick === ticks[index - 1]! + 1)).toBe(true);
    for (let sent = 0; sent < 10; sent++) bob.steer(bob.newest.tick + 10 + sent);
    const inputs = () => inputsOf(servers[0]!, ann.port.code, bob.player);
    await expect.poll(inputs, WAIT).toEqual({ received: 10, applied: 10 });
  });

  it("goes on when Redis is killed, and heals when it is back empty", async () => {
    const { ann, bob } = await share(await start("a"), await start("b"));
    await redis.kill();
    const alone = ann.newest.tick;
    await expect.poll(() => ann.newest.tick, WAIT).toBeGreaterThan(alone + 30);
    expect(servers[0]!.cluster.reachable).toBe(false);
    const silent = bob.newest.tick;

    redis = await startRedis(redis.port);
    await expect.poll(() => bob.newest.tick, WAIT).toBeGreaterThan(silent + 30);
    expect(bob.newest.epoch).toBe(1);
    const registered = async () => (await servers[1]!.cluster.servers()).map((server) => server.id).sort();
    await expect.poll(registered, WAIT).toEqual(["a", "b"]);
  });

  it("takes over the room of a server that left", async () => {
    const [a, b] = [await start("a"), await start("b")];
    const { ann, bob } = await share(a, b);
    const began = systemClock.now();
    await expect.poll(() => systemClock.now() - began, WAIT).toBeGreaterThan(CLAIM_CONTACT_MS);
    const before = bob.newest.tick;
    await a.cluster.close();
    await expect.poll(() => bob.newest.epoch, WAIT).toBe(2);
    expect(bob.port.owner.id).toBe("b");
    expect(bob.newest.tick).toBeGreaterThan(before);
    expect(ann.port.owner.id).toBe("a");
  });
});
