// Several real servers around a real Redis: what only shows between processes.

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readSnapshotHeader } from "../game/protocol/index.ts";
import { startRedis, type TestRedis } from "./cluster/redis-for-tests.ts";
import { EMPTY_TARGET_GROUP_ARN, startElbStub, TARGET_GROUP_ARN } from "./drain/elb-stub-for-tests.ts";
import { eventName, type Introduction, RawClient, SECRET } from "./gateway/server-for-tests.ts";
import { runToEnd, type ServerProcess, startServerProcess } from "./server-process-for-tests.ts";

let redis: TestRedis;
const servers: ServerProcess[] = [];
const clients: RawClient[] = [];

beforeAll(async () => {
  redis = await startRedis();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await Promise.all(servers.splice(0).map((server) => server.end("SIGKILL")));
});

afterAll(() => redis.kill());

async function start(id: string, environment?: Record<string, string>): Promise<ServerProcess> {
  const server = await startServerProcess(id, redis.url, environment);
  servers.push(server);
  await until(async () => (await fetch(`${server.http}/readyz`)).ok);
  return server;
}

async function client(server: ServerProcess, introduction?: Introduction): Promise<RawClient> {
  const made = await RawClient.introduced(server.url, introduction);
  clients.push(made);
  return made;
}

/** As a page does it: waits for the offer, takes the seat over on another server, then closes the old connection. */
async function move(from: RawClient, token: string, to: ServerProcess) {
  const offer = await from.until((packet) => eventName(packet) === "move");
  const [, { ticket }] = offer.data as [string, { ticket: string }];
  const second = await client(to, { token });
  const welcome = await second.ask("join", { name: "Ann", ticket });
  await second.frames(5);
  from.socket.close();
  return { client: second, welcome };
}

function packetsOf(from: RawClient, name: string): unknown[] {
  return from.packets.filter((packet) => eventName(packet) === name);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Processes start slowly on a busy machine. */
const TIMEOUT_MS = 60_000;

describe("servers around one Redis", { timeout: TIMEOUT_MS }, () => {
  it("seat players of different gateways in one room, and supersede an older tab on another server", async () => {
    const [a, b] = await Promise.all([start("a1"), start("b1")]);
    const ann = await client(a);
    const { room } = await ann.ask("join", { name: "Ann" });
    const ben = await client(b);
    const joined = await ben.ask("join", { name: "Ben", room });
    expect(joined).toMatchObject({ ok: true, room, path: { gateway: { id: "b1" }, owner: { id: "a1" }, epoch: 1 } });
    await ben.frames(10);
    const ticks = ben.binaries.map((frame) => readSnapshotHeader(frame)!.tick);
    expect(ticks.slice(1)).toEqual(ticks.slice(1).map((_, index) => ticks[0]! + index + 1));
    ben.input(1, ticks.at(-1)! + 3);
    await ann.until((packet) => JSON.stringify(packet.data).includes("Ben"));

    const newTab = await client(a, { token: joined.token });
    expect(await newTab.ask("join", { name: "Ben", room })).toMatchObject({
      ok: true,
      resumed: true,
      seat: joined.seat,
    });
    expect(await ben.closingCode()).toBe("superseded");
    await newTab.frames(3);
    const status = await (await fetch(`${a.http}/statusz`)).json();
    expect(status).toMatchObject({ id: "a1", players: 2, rooms: [{ code: room, players: 2, epoch: 1 }] });
  });

  it("go on with a room whose owner was killed, for players whose gateway is another, and for those who come back", async () => {
    const [a, b] = await Promise.all([start("a2"), start("b2")]);
    const ann = await client(a);
    const { room, token, seat } = await ann.ask("join", { name: "Ann" });
    const ben = await client(b);
    await ben.ask("join", { name: "Ben", room });
    await ben.frames(40);
    const before = readSnapshotHeader(ben.binaries.at(-1)!)!;
    await a.end("SIGKILL");
    await ben.until((packet) => JSON.stringify(packet.data).includes('"epoch":2'));
    await ben.frames(5);
    const after = readSnapshotHeader(ben.binaries.at(-1)!)!;
    // Mostly 2. A claim whose answer came too late is made again, in the epoch after (cluster-service.test.ts).
    expect(after.epoch).toBeGreaterThan(before.epoch);
    expect(after.tick).toBeGreaterThan(before.tick);

    const again = await client(b, { token });
    expect(await again.ask("join", { name: "Ann" })).toMatchObject({ ok: true, room, seat, resumed: true });
    expect(ben.closeCode).toBeUndefined();
  });

  it("move a room and its player to another one, in order, when SIGTERM tells one of them to go", async () => {
    const [a, b] = [await start("a3"), await start("b3", { GENERATION: "2" })];
    const ann = await client(a);
    const { room, token, seat } = await ann.ask("join", { name: "Ann" });
    await ann.frames(3);
    const ended = a.end("SIGTERM");
    const again = await move(ann, token, b);
    expect(again.welcome).toMatchObject({ ok: true, room, seat, resumed: true, path: { owner: { id: "b3" } } });
    expect(await ended).toBe(0);
    expect(packetsOf(ann, "closing")).toEqual([]);
  });

  it("move a room and its player when one of them finds its target draining, here in its alternate group, without a tick lost", async () => {
    const elb = await startElbStub();
    const times = { TARGET_POLL_MS: "200", DEREGISTRATION_DELAY_SECONDS: "15", PROPAGATION_LAG_SECONDS: "1" };
    const group = { TARGET_GROUP_ARN, ELB_ENDPOINT: elb.url, ...times };
    const beside = { ...group, TARGET_GROUP_ARN: EMPTY_TARGET_GROUP_ARN, ALTERNATE_TARGET_GROUP_ARN: TARGET_GROUP_ARN };
    const [a, b] = [await start("a6", beside), await start("b6", { ...group, GENERATION: "2" })];
    elb.targets.set(a.address, "healthy").set(b.address, "healthy");
    const ann = await client(a);
    const { room, token, seat } = await ann.ask("join", { name: "Ann" });
    await ann.frames(30);
    elb.targets.set(a.address, "draining");
    const again = await move(ann, token, b);
    expect(again.welcome).toMatchObject({
      ok: true,
      room,
      seat,
      resumed: true,
      path: { owner: { id: "b6" }, epoch: 2 },
    });
    await again.client.frames(10);
    expect(await a.exited).toBe(0);
    expect(packetsOf(ann, "closing")).toEqual([]);
    const ticks = [...ann.binaries, ...again.client.binaries].map((frame) => readSnapshotHeader(frame)!.tick);
    const heard = [...new Set(ticks)].sort((one, other) => one - other);
    expect(heard).toEqual(heard.map((_, index) => heard[0]! + index));
    const { moves } = await (await fetch(`${b.http}/statusz`)).json();
    expect(moves).toEqual({ offered: 0, out: 0, in: 1 });
    await elb.close();
  });

  it("say goodbye soon when all of them go", async () => {
    const [a, b] = [await start("a7"), await start("b7")];
    const ann = await client(a);
    await ann.ask("join", { name: "Ann" });
    const ended = Promise.all([a.end("SIGTERM"), b.end("SIGTERM")]);
    expect(await ann.closingCode()).toBe("draining");
    expect(packetsOf(ann, "move")).toEqual([]);
    expect(await ended).toEqual([0, 0]);
  });

  it("play on while Redis is dead and when it comes back empty, and take new players for the rooms that they have", async () => {
    const own = await startRedis();
    const server = await startServerProcess("a5", own.url);
    servers.push(server);
    const isReady = async () => (await fetch(`${server.http}/readyz`)).ok;
    await until(isReady);
    const ann = await client(server);
    const { room } = await ann.ask("join", { name: "Ann" });
    await own.kill();
    await until(async () => !(await isReady()));
    await ann.frames(10);
    const ben = await client(server);
    expect(await ben.ask("join", { name: "Ben" })).toMatchObject({ ok: true, room });
    const again = await startRedis(own.port);
    await until(isReady);
    await ann.frames(10);
    const ticks = ann.binaries.map((frame) => readSnapshotHeader(frame)!.tick);
    expect(ticks).toEqual(ticks.map((_, index) => ticks[0]! + index));
    expect(readSnapshotHeader(ann.binaries.at(-1)!)).toMatchObject({ epoch: 1 });
    expect([ann.closeCode, ben.closeCode]).toEqual([undefined, undefined]);
    await server.end("SIGTERM");
    await again.kill();
  });
});

describe("a server that cannot start", { timeout: TIMEOUT_MS }, () => {
  it("says in one sentence which variable is wrong, and ends with code 2", async () => {
    const { code, stderr } = await runToEnd({ SERVER_ID: "s1", REDIS_URL: redis.url, SESSION_SECRET: "short" });
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(/^cannot start: environment variable SESSION_SECRET must have at least 32/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("says which of its deadlines do not fit together, and ends with code 2", async () => {
    const { code, stderr } = await runToEnd({
      ...{ SERVER_ID: "s1", REDIS_URL: redis.url, SESSION_SECRET: SECRET },
      ...{ TARGET_GROUP_ARN, ELB_ENDPOINT: "http://127.0.0.1:1", DEREGISTRATION_DELAY_SECONDS: "3" },
    });
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(/^cannot start: environment variable DEREGISTRATION_DELAY_SECONDS must be at least/);
  });

  it("says that its address is in use, and ends with code 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const PORT = `${(other.address() as AddressInfo).port}`;
    const { code, stderr } = await runToEnd({ SERVER_ID: "s1", REDIS_URL: redis.url, SESSION_SECRET: SECRET, PORT });
    other.close();
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(/^cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/);
  });
});
