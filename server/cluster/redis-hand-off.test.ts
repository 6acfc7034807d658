// Hand-offs over a real Redis of their own, three servers in this process. The many cases are tested on virtual time.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inputsOf, Tab } from "./cluster-for-tests.ts";
import { startRedis, type TestRedis } from "./redis-for-tests.ts";
import { endServers, type RedisServer, startServer, WAIT } from "./redis-server-for-tests.ts";

let redis: TestRedis;
let servers: RedisServer[];

beforeEach(async () => {
  redis = await startRedis();
  servers = [];
  for (const name of ["a", "b", "c"]) await startServer(redis.url, name, servers);
});

afterEach(async () => {
  await endServers(servers);
  await redis.kill();
});

describe("a hand-off over a real Redis", { timeout: 30_000 }, () => {
  it("moves a room with players everywhere round and round, and nobody misses a tick or an input", async () => {
    const [a, b, c] = servers as [RedisServer, RedisServer, RedisServer];
    const ann = new Tab(a, await a.cluster.quickPlay(), "ann");
    expect(await ann.join()).toMatchObject({ ok: true });
    const code = ann.port.code;
    const others = [b, c].map(async (server) => {
      const tab = new Tab(server, (await server.cluster.find(code))!, server.id === "b" ? "bob" : "cyd");
      expect(await tab.join()).toMatchObject({ ok: true });
      return tab;
    });
    const tabs = [ann, ...(await Promise.all(others))];
    await expect.poll(() => Math.min(...tabs.map((tab) => tab.frames.length)), WAIT).toBeGreaterThan(10);

    let sent = 0;
    const firstTick = ann.newest.tick + 8;
    const steering = setInterval(() => {
      for (const tab of tabs) tab.steer(firstTick + sent);
      sent++;
    }, 1000 / 30);
    let owner = a;
    for (const heir of [b, c, a, b]) {
      // Refused while this machine is too busy to answer at once.
      await expect.poll(() => owner.cluster.handOff(code, heir.id), WAIT).toBe("handed-off");
      owner = heir;
      await expect.poll(() => tabs.every((tab) => tab.port.owner.id === owner.id), WAIT).toBe(true);
      const ticks = tabs.map((tab) => tab.newest.tick);
      await expect.poll(() => tabs.every((tab, index) => tab.newest.tick > ticks[index]! + 10), WAIT).toBe(true);
    }
    clearInterval(steering);
    const counts = () => tabs.map((tab) => inputsOf(owner, code, tab.player));
    await expect.poll(counts, WAIT).toEqual(tabs.map(() => ({ received: sent, applied: sent })));
    for (const tab of tabs) {
      const steps = tab.frames.slice(1).map((frame, index) => frame.tick - tab.frames[index]!.tick);
      expect(new Set(steps)).toEqual(new Set([1]));
      expect(tab.newest.epoch).toBe(5);
    }
  });
});
