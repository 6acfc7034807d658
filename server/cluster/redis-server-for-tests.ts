// A server without a gateway, in this process and over a real Redis.

import { expect } from "vitest";
import { systemClock } from "../clock.ts";
import { RoomLoop } from "../room/room-host.ts";
import type { ServerId } from "../room/room-port.ts";
import type { Cluster } from "./cluster.ts";
import { connectCluster } from "./connect-redis.ts";
import { silentLog } from "./telemetry.ts";

export const WAIT = { timeout: 8000, interval: 20 };

export interface RedisServer {
  id: ServerId;
  cluster: Cluster;
  rooms: RoomLoop;
}

/** Starts one and adds it to `servers`, whatever becomes of it: whoever began it ends it. */
export async function startServer(url: string, name: string, servers: RedisServer[]): Promise<RedisServer> {
  const self = { id: name as ServerId, version: "v1" };
  const quiet = { tick() {}, droppedSteps() {}, arrival() {}, error() {} };
  const rooms = new RoomLoop({ clock: systemClock, owner: self, randomSeed: () => 7, observe: quiet });
  const base = { clock: systemClock, host: rooms, self, generation: 1, log: silentLog };
  const { cluster } = connectCluster({ url, ...base });
  const server = { id: self.id, cluster, rooms };
  servers.push(server);
  await cluster.start({
    address: `${name}:1`,
    revision: 0,
    sockets: () => 0,
    phase: () => "serving",
    arrived: () => 0,
  });
  cluster.setState("ready");
  await expect.poll(() => cluster.reachable, WAIT).toBe(true);
  return server;
}

export async function endServers(servers: readonly RedisServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.cluster.close()));
  for (const server of servers) server.rooms.close();
}
