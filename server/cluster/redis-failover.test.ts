// What ElastiCache does when its primary fails, with two real Redis: a replica is promoted, the name leads to it from then on, and the former
// primary may live on as a replica, be gone, or just not answer any more.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inputsOf, Tab } from "./cluster-for-tests.ts";
import { startRedis, type TestRedis } from "./redis-for-tests.ts";
import { endServers, type RedisServer, startServer, WAIT } from "./redis-server-for-tests.ts";

/** What a replica is sent goes into its memory and not into a file first, and at once: no further replica is waited for. */
const REPLICATION = ["--repl-diskless-load", "swapdb", "--repl-diskless-sync-delay", "0"];

let primary: TestRedis;
let replica: TestRedis;
/** Stands for the name: leads new connections wherever it says now; old ones stay where they are. */
let name: Server & { leadsTo: number };
let servers: RedisServer[];

beforeEach(async () => {
  const both = (port: number) => ["--port", `${port}`, ...REPLICATION];
  primary = await startRedis(undefined, both);
  replica = await startRedis(undefined, (port) => [...both(port), "--replicaof", "127.0.0.1", `${primary.port}`]);
  await expect.poll(() => command(replica, "info", "replication"), WAIT).toContain("master_link_status:up");
  name = await startName(primary.port);
  servers = [];
});

afterEach(async () => {
  await endServers(servers);
  name.emit("end-all");
  name.close();
  await Promise.all([primary.kill(), replica.kill()]);
});

async function startName(port: number): Promise<Server & { leadsTo: number }> {
  const sockets = new Set<Socket>();
  const made = createServer((from) => {
    const to = connect(name.leadsTo, "127.0.0.1");
    from.pipe(to).pipe(from);
    for (const socket of [from, to]) {
      sockets.add(socket);
      // An end on one side is an end on the other, whatever the reason.
      socket.on("error", () => {}).on("close", () => [from, to].map((one) => one.destroy()));
    }
  });
  made.on("end-all", () => sockets.forEach((socket) => void socket.destroy()));
  made.listen(0, "127.0.0.1");
  await once(made, "listening");
  return Object.assign(made, { leadsTo: port });
}

async function command(redis: TestRedis, ...words: [string, ...string[]]): Promise<unknown> {
  const client = new Redis(redis.url);
  const answer = await client.call(...words);
  client.disconnect();
  return answer;
}

async function promote(): Promise<void> {
  await command(replica, "replicaof", "no", "one");
  name.leadsTo = replica.port;
}

const url = () => `redis://127.0.0.1:${(name.address() as AddressInfo).port}`;

/** A room on one server with a player there, and one at another. */
async function play() {
  const [a, b] = [await startServer(url(), "a", servers), await startServer(url(), "b", servers)];
  const ann = new Tab(a, await a.cluster.quickPlay(), "ann");
  expect(await ann.join()).toMatchObject({ ok: true });
  const bob = new Tab(b, (await b.cluster.find(ann.port.code))!, "bob");
  expect(await bob.join()).toMatchObject({ ok: true });
  await expect.poll(() => bob.frames.length, WAIT).toBeGreaterThan(30);
  return { a, b, ann, bob };
}

const ids = async (server: RedisServer) => (await server.cluster.servers()).map(({ id }) => id).sort();

describe("a failover of Redis", { timeout: 60_000 }, () => {
  it.each([
    [
      "lives on as a replica of the new one",
      async () => {
        await command(primary, "replicaof", "127.0.0.1", `${replica.port}`);
      },
    ],
    ["is gone", () => primary.kill()],
    ["does not answer any more", async () => primary.freeze()],
  ])("stops nobody's play when the former primary %s", async (_what, demote) => {
    const { a, b, ann, bob } = await play();
    const before = ann.frames.length;
    await promote();
    await demote();
    // Every server writes to the new one, and says through it what happens in the room.
    const direct = new Redis(replica.url);
    const registered = async () => (await direct.hkeys("tidegate:{servers}:records")).sort();
    await direct.del("tidegate:{servers}:records");
    await expect.poll(registered, { timeout: 20_000 }).toEqual(["a", "b"]);
    direct.disconnect();
    await expect.poll(() => a.cluster.reachable && b.cluster.reachable, WAIT).toBe(true);
    const heard = bob.frames.length;
    await expect.poll(() => bob.frames.length, WAIT).toBeGreaterThan(heard + 30);
    for (let sent = 0; sent < 10; sent++) bob.steer(bob.newest.tick + 10 + sent);
    await expect.poll(() => inputsOf(a, ann.port.code, bob.player), WAIT).toEqual({ received: 10, applied: 10 });

    // A server that knows the new one only hears them, and they hear it.
    const c = await startServer(url(), "c", servers);
    const cyd = new Tab(c, (await c.cluster.find(ann.port.code))!, "cyd");
    expect(await cyd.join()).toMatchObject({ ok: true });
    await expect.poll(() => cyd.frames.length, WAIT).toBeGreaterThan(30);

    // Nobody took a room from anybody, and on its owner it never stood still.
    expect([ann.port.owner.id, bob.port.owner.id, ann.newest.epoch, bob.newest.epoch]).toEqual(["a", "a", 1, 1]);
    const ticks = ann.frames.slice(before).map(({ tick }) => tick);
    expect(ticks).toEqual(ticks.map((_, index) => ticks[0]! + index));
    // And the room can be handed over, which needs every script.
    await expect.poll(() => a.cluster.handOff(ann.port.code, b.id), WAIT).toBe("handed-off");
    expect(await ids(b)).toEqual(["a", "b", "c"]);
  });
});
