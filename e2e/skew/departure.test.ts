// A server leaves, with players of version 1 and of today, over real sockets: to a server of today in a deploy, to one of version 1 in a
// rollback. A small relay stands for the load balancer: it sends new connections to the server that stays.

import { type AddressInfo, connect, createServer, type Server as NetServer, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock as clientClock } from "../../client/net/clock.ts";
import { socketIoDial } from "../../client/net/connect.ts";
import { Session } from "../../client/netcode/session.ts";
import { systemClock } from "../../server/clock.ts";
import { ClusterService } from "../../server/cluster/cluster-service.ts";
import { MemoryBusHub } from "../../server/cluster/memory-bus.ts";
import { MemoryRedis } from "../../server/cluster/memory-redis.ts";
import { MemoryStore } from "../../server/cluster/memory-store.ts";
import { createRooms, GameServer } from "../../server/game-server.ts";
import { SECRET } from "../../server/gateway/server-for-tests.ts";
import { Metrics } from "../../server/metrics.ts";
import type { ServerId } from "../../server/room/room-port.ts";
import { version1 } from "./version-1.ts";

const TODAY = { createRooms, GameServer, Metrics, ClusterService };
/** Room for machines that test many things at once; a departure ends when nobody is left. */
const TIMES = { deregistrationDelayMs: 15_000, stopTimeoutMs: 10_000, pollMs: 500, propagationLagMs: 0 };
const TEST_TIMEOUT_MS = 60_000;
const STEER_MS = 100;

let redis: MemoryRedis;
let hub: MemoryBusHub;
let relay: NetServer;
let relayTo: number;
const ends: (() => unknown)[] = [];

beforeEach(async () => {
  redis = new MemoryRedis(systemClock);
  hub = new MemoryBusHub(systemClock);
  const sockets = new Set<Socket>();
  relay = createServer((socket) => {
    const target = connect(relayTo, "127.0.0.1");
    for (const one of [socket, target]) {
      sockets.add(one);
      // Ends of either side are the other's; that is all that there is to know of them.
      one.on("error", () => {});
      one.on("close", () => void [socket.destroy(), target.destroy()]);
    }
    socket.pipe(target).pipe(socket);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    relay.close();
    for (const socket of sockets) socket.destroy();
  });
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server as a deploy starts it, running this code. */
async function startServer(code: typeof TODAY, version: string, generation: number): Promise<GameServer> {
  const self = { id: `${version}-${generation}` as ServerId, version };
  const log = pino({ level: "silent" });
  const clock = systemClock;
  const metrics = new code.Metrics({ server: self.id, version });
  const rooms = code.createRooms({ self, clock, log, metrics });
  const cluster = new code.ClusterService({
    ...{ clock, self, generation, log, host: rooms, random: Math.random, metrics: metrics.cluster },
    ...{ store: new MemoryStore(clock, redis), bus: hub.connect() },
  });
  const server = new code.GameServer({
    ...{ self, generation, host: "127.0.0.1", port: 0, sessionSecret: SECRET, allowedOrigins: [] },
    ...{ clock, log, metrics, rooms, cluster, times: TIMES },
  });
  await server.start();
  ends.push(() => server.leave("end of the test"));
  return server;
}

/** A page without a picture: steers a little all the time. */
function play(code: { Session: typeof Session; socketIoDial: typeof socketIoDial }, name: string): Session {
  const session = new code.Session({
    dial: code.socketIoDial({ url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}` }),
    ...{ clock: clientClock, random: Math.random, request: { name }, build: "v1" },
  });
  let turns = 0;
  const steering = setInterval(() => {
    session.setControls({ throttle: 1, rudder: ++turns % 2, aim: 0, fire: false });
  }, STEER_MS);
  ends.push(() => {
    clearInterval(steering);
    session.close();
  });
  session.open();
  return session;
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + TEST_TIMEOUT_MS / 2;
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isPlaying = (session: Session) => () => session.state.name === "playing" && session.stats().inputs.acked > 5;

/** Both play in one room of `from`; then new connections go to `to`, and `from` leaves. */
async function departure(from: GameServer, to: GameServer) {
  relayTo = from.port;
  const today = play({ Session, socketIoDial }, "Today");
  await until("a player of today plays", isPlaying(today));
  const before = play(version1, "Before");
  await until("a player of version 1 plays", isPlaying(before));
  const seats = [today, before].map(({ welcome }) => ({ room: welcome!.room, seat: welcome!.seat }));
  expect(seats[0]!.room).toBe(seats[1]!.room);
  relayTo = to.port;
  await from.leave("SIGTERM");
  const there = to.status().id;
  for (const session of [today, before]) {
    await until(`${session.welcome!.player} plays on ${there}`, () => session.path?.owner.id === there);
    await until("its seat is there", () => session.state.name === "playing" && session.path?.gateway.id === there);
    const taken = session.stats().inputs.acked;
    await until("inputs are taken there", () => session.stats().inputs.acked > taken + 5);
  }
  expect([today, before].map(({ welcome }) => ({ room: welcome!.room, seat: welcome!.seat }))).toEqual(seats);
  return { today, before };
}

describe("a server that leaves", () => {
  it("moves today's pages to the next version unnoticed, and tells those of version 1 to come back to their boats", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const { today, before } = await departure(await startServer(TODAY, "v2", 1), await startServer(TODAY, "v3", 2));
    expect(today.stats()).toMatchObject({ moves: 1, disconnects: 0, inputs: { lost: 0, doubled: 0 } });
    expect(before.stats().disconnects).toBe(1);
    expect(before.welcome!.resumed).toBe(true);
  });

  it("brings players back to servers of version 1 in a rollback", { timeout: TEST_TIMEOUT_MS }, async () => {
    const rolledBack = await startServer({ ...version1 }, "v1", 2);
    const { today, before } = await departure(await startServer(TODAY, "v2", 1), rolledBack);
    expect(today.welcome!.resumed).toBe(true);
    expect(before.welcome!.resumed).toBe(true);
  });
});

describe("a page of today", () => {
  it("plays on a server of version 1, in its protocol", { timeout: TEST_TIMEOUT_MS }, async () => {
    relayTo = (await startServer({ ...version1 }, "v1", 1)).port;
    const session = play({ Session, socketIoDial }, "Today");
    await until("it plays", isPlaying(session));
    expect(session.stats()).toMatchObject({ disconnects: 0, inputs: { lost: 0, doubled: 0 } });
  });
});
