// Hand-offs over a real Redis of their own, three servers in this process. The many cases are tested on virtual time.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { RoomLoop } from "../room/room-host.ts";
import type { ServerId } from "../room/room-port.ts";
import type { Cluster } from "./cluster.ts";
import { inputsOf, Tab } from "./cluster-for-tests.ts";
import { connectCluster } from "./connect-redis.ts";
import { startRedis, type TestRedis } from "./redis-for-tests.ts";
import { silentLog } from "./telemetry.ts";

const WAIT = { timeout: 8000, interval: 20 };

interface RealServer {
  id: ServerId;
  cluster: Cluster;
  rooms: RoomLoop;
}

let redis: TestRedis;
let servers: RealServer[];

beforeEach(async () => {
  redis = await startRedis();
  servers = [];
  for (const name of ["a", "b", "c"]) servers.push(await start(name));
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.cluster.close()));
  for (const server of servers) server.rooms.close();
  await redis.kill();
});

async function start(name: string): Promise<RealServer> {
  const self = { id: name as ServerId, version: "v1" };
  const quiet = { tick() {}, droppedSteps() {}, arrival() {}, error() {} };
  const rooms = new RoomLoop({ clock: systemClock, owner: self, randomSeed: () => 7, observe: quiet });
  const { cluster } = connectCluster({
    ...{ url: redis.url, clock: systemClock, host: rooms, self, generation: 1, log: silentLog },
  });
  await cluster.start({ address: `${name}:1`, sockets: () => 0 });
  cluster.setState("ready");
  await expect.poll(() => cluster.reachable, WAIT).toBe(true);
  return { id: self.id, cluster, rooms };
}

describe("a hand-off over a real Redis", { timeout: 30_000 }, () => {
  it("moves a room with players everywhere round and round, and nobody misses a tick or an input", async () => {
    const [a, b, c] = servers as [RealServer, RealServer, RealServer];
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
