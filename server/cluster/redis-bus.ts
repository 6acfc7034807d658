// The bus over Redis's sharded Pub/Sub: one connection listens, another publishes. Binary on both sides.

import type { Redis } from "ioredis";
import type { Bus, BusHandler } from "./bus.ts";
import { PENDING_PUBLISHES_MAX } from "./limits.ts";
import type { ShardSubscriber } from "./shard-subscriber.ts";

export class RedisBus implements Bus {
  readonly #publisher: Redis;
  readonly #subscriber: ShardSubscriber;
  #pending = 0;
  #dropped = 0;

  /** `publisher` comes from createRedisClient; the bus ends both, for whoever else uses them as well. */
  constructor(publisher: Redis, subscriber: ShardSubscriber) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
  }

  get connected(): boolean {
    return this.#subscriber.ready && this.#publisher.status === "ready";
  }

  /** Messages that were not sent because Redis was away or too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  publish(channel: string, bytes: Uint8Array): void {
    if (this.#publisher.status !== "ready" || this.#pending >= PENDING_PUBLISHES_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#pending += 1;
    const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#publisher
      .spublish(channel, message)
      .catch(() => {
        this.#dropped += 1;
      })
      .finally(() => {
        this.#pending -= 1;
      });
  }

  subscribe(channel: string, handler: BusHandler): Promise<() => void> {
    return this.#subscriber.add(channel, (message) => handler(message));
  }

  onReturn(handler: () => void): () => void {
    return this.#subscriber.onReturn(handler);
  }

  async close(): Promise<void> {
    this.#subscriber.close();
    this.#publisher.disconnect();
  }
}
