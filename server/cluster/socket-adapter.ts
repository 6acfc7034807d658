// The Socket.IO adapter for messages that go to sockets by room or player on whichever server they are: rosters, superseding, closing.
// `@socket.io/redis-adapter` does the work; the two clients that it gets here look like ioredis to it and never reject unheard, so that a Redis
// that is away costs messages and not the process.

import { createShardedAdapter } from "@socket.io/redis-adapter";
import type { Redis } from "ioredis";
import type { ChannelHandler, ShardSubscriber } from "./shard-subscriber.ts";

export type SocketAdapterFactory = ReturnType<typeof createShardedAdapter>;

/** For the `adapter` option of a Socket.IO server. */
export function createSocketAdapter(publisher: Redis, subscriber: ShardSubscriber): SocketAdapterFactory {
  const channelPrefix = "tidegate:sockets";
  return createShardedAdapter(new AdapterPublisher(publisher), new AdapterSubscriber(subscriber), {
    channelPrefix,
    subscriptionMode: "dynamic",
  });
}

/** What the adapter calls on a client that publishes. It catches what these reject with, except for a count of servers that is asked for. */
class AdapterPublisher {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  spublish(channel: string, message: string | Buffer): Promise<number> {
    return this.#redis.spublish(channel, message) as Promise<number>;
  }

  send_command(command: string, args: string[], reply: (error: Error | null, value?: unknown) => void): void {
    this.#redis.call(command, ...args).then(
      (value) => reply(null, value),
      (error) => reply(error),
    );
  }
}

/** What the adapter calls on a client that subscribes, and does not await. */
class AdapterSubscriber {
  readonly #subscriber: ShardSubscriber;
  readonly #ends = new Map<string, Promise<() => void>>();
  #deliver: (channel: Buffer, message: Buffer) => void = () => {};

  constructor(subscriber: ShardSubscriber) {
    this.#subscriber = subscriber;
  }

  /** The adapter listens once, for "smessageBuffer", and dispatches by channel itself. */
  on(_event: "smessageBuffer", handler: (channel: Buffer, message: Buffer) => void): void {
    this.#deliver = handler;
  }

  ssubscribe(channel: string): void {
    if (this.#ends.has(channel)) return;
    const handler: ChannelHandler = (message) => this.#deliver(Buffer.from(channel), message);
    this.#ends.set(channel, this.#subscriber.add(channel, handler));
  }

  sunsubscribe(channels: string | string[]): void {
    for (const channel of [channels].flat()) {
      void this.#ends.get(channel)?.then((end) => end());
      this.#ends.delete(channel);
    }
  }
}
