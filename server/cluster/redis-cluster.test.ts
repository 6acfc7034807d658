// The whole cluster over a real Redis of its own: three servers in this process, killed and healed for real. Short; the many cases are
// tested on virtual time.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { RoomLoop } from "../room/room-host.ts";
import type { ServerId } from "../room/room-port.ts";
import type { Cluster } from "./cluster.ts";
import { inputsOf, Tab } from "./cluster-for-tests.ts";
import { connectCluster } from "./connect-redis.ts";
import { startRedis, type TestRedis } from "./redis-for-tests.ts";
import { silentLog } from "./telemetry.ts";
import { CLAIM_CONTACT_MS } from "./timing.ts";

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
  return async () => {
    await Promise.all(servers.map((server) => server.cluster.close()));
    for (const server of servers) server.rooms.close();
    await redis.kill();
  };
});

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
process.on("unhandledRejection", note);
afterEach(() => expect(unhandled).toEqual([]));

async function start(name: string): Promise<RealServer> {
  const self = { id: name as ServerId, version: "v1" };
  const quiet = { tick() {}, droppedSteps() {}, arrival() {}, error() {} };
  const rooms = new RoomLoop({ clock: systemClock, owner: self, randomSeed: () => 7, observe: quiet });
  const base = { clock: systemClock, host: rooms, self, generation: 1, log: silentLog };
  const { cluster } = connectCluster({ url: redis.url, ...base });
  const server = { id: self.id, cluster, rooms };
  servers.push(server);
  await cluster.start({ address: `${name}:1`, sockets: () => 0 });
  cluster.setState("ready");
  await expect.poll(() => cluster.reachable, WAIT).toBe(true);
  return server;
}

/** A room on the first server, with one player there and one at the second. */
async function share(a: RealServer, b: RealServer): Promise<{ ann: Tab; bob: Tab }> {
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
