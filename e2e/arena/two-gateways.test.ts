// Forty players in one arena, half of them on a server that does not run it: over real sockets, with Redis between the servers.

import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock as clientClock } from "../../client/net/clock.ts";
import { socketIoDial } from "../../client/net/connect.ts";
import { Session } from "../../client/netcode/session.ts";
import { decodeArea, HEARD_AROUND_PX, type View } from "../../game/protocol/index.ts";
import { UNITS_PER_PX } from "../../game/sim/index.ts";
import { systemClock } from "../../server/clock.ts";
import { connectCluster } from "../../server/cluster/connect-redis.ts";
import { sharedRedis } from "../../server/cluster/redis-for-tests.ts";
import { createRooms, GameServer } from "../../server/game-server.ts";
import { SECRET } from "../../server/gateway/server-for-tests.ts";
import { Metrics } from "../../server/metrics.ts";
import type { RoomLoop } from "../../server/room/room-host.ts";
import type { RoomCode, ServerId } from "../../server/room/room-port.ts";

const PLAYERS = 40;
const MEASURED_MS = 3_000;
/** Views of the owner that are kept for comparing, ticks. */
const KEPT_TICKS = 150;
const BYTES_PER_SECOND_MAX = 6_000;
const TEST_TIMEOUT_MS = 90_000;
const TIMES = { deregistrationDelayMs: 15_000, stopTimeoutMs: 10_000, pollMs: 500, propagationLagMs: 0 };

const ends: (() => unknown)[] = [];
let redisUrl: string;
beforeEach(async () => {
  const redis = await sharedRedis();
  redisUrl = redis.url;
  ends.push(() => redis.stop());
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface TestServer {
  server: GameServer;
  rooms: RoomLoop;
}

async function startServer(name: string): Promise<TestServer> {
  const self = { id: `${name}-${process.pid}-${Date.now()}` as ServerId, version: "v1" };
  const shared = { self, clock: systemClock, log: pino({ level: "silent" }) };
  const metrics = new Metrics({ server: self.id, version: self.version });
  const rooms = createRooms({ ...shared, metrics });
  const { cluster, socketAdapter } = connectCluster({ ...shared, url: redisUrl, host: rooms, generation: 1 });
  const server = new GameServer({
    ...{ ...shared, generation: 1, host: "127.0.0.1", port: 0, sessionSecret: SECRET, allowedOrigins: [] },
    ...{ metrics, rooms, cluster, adapter: socketAdapter, times: TIMES },
  });
  await server.start();
  ends.push(() => server.close());
  return { server, rooms };
}

interface Heard {
  session: Session;
  bytes: number;
  newest: View | undefined;
}

function play(port: number, name: string): Heard {
  const heard: Heard = { bytes: 0, newest: undefined } as unknown as Heard;
  heard.session = new Session({
    dial: socketIoDial({ url: `http://127.0.0.1:${port}` }),
    ...{ clock: clientClock, random: Math.random, request: { name, waters: "arena" }, build: "v1" },
    decodeArea: (bytes, base) => {
      const area = decodeArea(bytes, base);
      heard.bytes += bytes.length;
      heard.newest = area.snapshot.view;
      return area;
    },
  });
  heard.session.open();
  heard.session.setControls({ throttle: 1, rudder: 0.3, aim: 0, fire: true });
  ends.push(() => heard.session.close());
  return heard;
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + TEST_TIMEOUT_MS / 3;
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it("everybody hears the neighbourhood as it is, and nobody more than the budget", {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const owner = await startServer("owner");
  const other = await startServer("other");
  const first = play(owner.server.port, "First");
  await until("the first one plays", () => first.session.state.name === "playing");
  await until("the arena is known elsewhere", () => owner.server.status().redis && other.server.status().redis);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const players = [first];
  for (let index = 1; index < PLAYERS; index++) {
    players.push(play((index % 2 === 0 ? owner : other).server.port, `Player ${index}`));
  }
  await until("everybody plays", () => players.every(({ session }) => session.state.name === "playing"));
  const code = first.session.welcome!.room as RoomCode;
  for (const { session } of players) expect(session.welcome).toMatchObject({ room: code, waters: "arena" });
  expect(owner.rooms.get(code)!.players).toBe(PLAYERS);

  const truths = new Map<number, View>();
  owner.rooms.get(code)!.listen({
    frame: (frame) => {
      truths.set(frame.tick, frame.content!().view);
      truths.delete(frame.tick - KEPT_TICKS);
    },
    path() {},
    closed() {},
  });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  for (const player of players) player.bytes = 0;
  const startedMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, MEASURED_MS));
  const seconds = (performance.now() - startedMs) / 1000;

  let neighbours = 0;
  for (const { session, newest, bytes } of players) {
    expect(bytes / seconds).toBeLessThan(BYTES_PER_SECOND_MAX);
    const truth = truths.get(newest!.tick)!;
    const own = truth.boats[session.welcome!.seat]!;
    expect(newest!.boats[session.welcome!.seat]).toEqual(own);
    truth.boats.forEach((boat, seat) => {
      const reach = HEARD_AROUND_PX * UNITS_PER_PX;
      if (!boat || Math.abs(boat.x - own.x) > reach || Math.abs(boat.y - own.y) > reach) return;
      expect(newest!.boats[seat]).toEqual(boat);
      neighbours += 1;
    });
  }
  // Not everybody was alone.
  expect(neighbours).toBeGreaterThan(PLAYERS);
  await until("everybody knows all names", () =>
    players.every(({ session }) => session.roster!.seats.filter(({ bot }) => !bot).length === PLAYERS),
  );
});
