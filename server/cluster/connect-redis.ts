// A server's cluster over a real Redis: three connections (commands, publishing, listening) and what stands on them. Connecting goes on in
// the background; nothing here waits for Redis or fails without it.

import type { ServerLabel } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { RoomHost, ServerId } from "../room/room-port.ts";
import type { Cluster } from "./cluster.ts";
import { ClusterService } from "./cluster-service.ts";
import { RedisBus } from "./redis-bus.ts";
import { createRedisClient } from "./redis-client.ts";
import { RedisStore } from "./redis-store.ts";
import { ShardSubscriber } from "./shard-subscriber.ts";
import { createSocketAdapter, type SocketAdapterFactory } from "./socket-adapter.ts";
import { type ClusterLog, type ClusterMetrics, noMetrics } from "./telemetry.ts";

export interface ConnectOptions {
  url: string;
  /** Beside a URL without one. */
  password?: string | undefined;
  clock: Clock;
  host: RoomHost;
  /** `id` must be unique for each start of a process. */
  self: ServerLabel & { id: ServerId };
  generation: number;
  log: ClusterLog;
  metrics?: ClusterMetrics;
  /** 0 … less than 1; Math.random unless given. */
  random?: () => number;
}

export interface ConnectedCluster {
  cluster: Cluster;
  /** For the `adapter` option of Socket.IO; works until `cluster.close()`. */
  socketAdapter: SocketAdapterFactory;
}

export function connectCluster(options: ConnectOptions): ConnectedCluster {
  const { url, password, clock, host, self, generation, log } = options;
  const onTrouble = reportOnce(log);
  // Commands find out: they write. A former primary takes messages all the same, and then nobody hears them.
  const onDemoted = () => {
    for (const client of [publisher, listener]) if (client.status === "ready") client.disconnect(true);
  };
  const connect = (purpose: string) =>
    createRedisClient(url, `${self.id}:${purpose}`, onTrouble, { password, onDemoted });
  const publisher = connect("publish");
  const listener = connect("listen");
  const subscriber = new ShardSubscriber(listener, clock);
  const store = new RedisStore(connect("commands"));
  const bus = new RedisBus(publisher, subscriber);
  const metrics = options.metrics ?? noMetrics;
  const random = options.random ?? Math.random;
  return {
    cluster: new ClusterService({ clock, store, bus, host, self, generation, random, log, metrics }),
    socketAdapter: createSocketAdapter(publisher, subscriber),
  };
}

/** An outage is one line for each kind of error, not one for each attempt to connect. */
function reportOnce(log: ClusterLog): (error: Error) => void {
  let last = "";
  return (error) => {
    if (error.message === last) return;
    last = error.message;
    log.warn({ err: error }, "the connection to Redis has a problem");
  };
}
