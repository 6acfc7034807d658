// One connection that listens to sharded Pub/Sub channels. It knows which channels are wanted and subscribes them again after every
// reconnect, so that a Redis that is away, or comes back empty, costs messages and nothing else. Does not publish.

import type { Redis } from "ioredis";
import type { Clock } from "../clock.ts";
import { BEAT_INTERVAL_MS } from "./timing.ts";

export type ChannelHandler = (message: Buffer, channel: string) => void;

export class ShardSubscriber {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #wanted = new Map<string, Set<ChannelHandler>>();
  /** Handlers of the channels whose subscription this connection has confirmed. */
  #confirmed = new WeakSet<Set<ChannelHandler>>();
  readonly #returns = new Set<() => void>();
  #stopProbe: () => void = () => {};
  #closed = false;
  #ready = false;

  /** `redis` comes from createRedisClient and is used for nothing else; the subscriber ends it. */
  constructor(redis: Redis, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
    redis.on("smessageBuffer", (channel: Buffer, message: Buffer) => this.#dispatch(channel.toString(), message));
    redis.on("ready", () => void this.#subscribeAgain());
    redis.on("close", () => {
      this.#ready = false;
      this.#confirmed = new WeakSet();
    });
    if (redis.status === "ready") void this.#subscribeAgain();
    this.#probe();
  }

  /** True while every wanted channel is subscribed. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Resolves when Redis has confirmed, or at once while it is away. Never rejects. */
  async add(channel: string, handler: ChannelHandler): Promise<() => void> {
    const handlers = this.#wanted.get(channel);
    if (handlers) {
      handlers.add(handler);
    } else {
      this.#wanted.set(channel, new Set([handler]));
    }
    if (!handlers || !this.#confirmed.has(handlers)) await this.#subscribe(channel);
    return () => this.#remove(channel, handler);
  }

  onReturn(handler: () => void): () => void {
    this.#returns.add(handler);
    return () => this.#returns.delete(handler);
  }

  close(): void {
    this.#closed = true;
    this.#stopProbe();
    this.#wanted.clear();
    this.#returns.clear();
    this.#redis.disconnect();
  }

  #dispatch(channel: string, message: Buffer): void {
    for (const handler of this.#wanted.get(channel) ?? []) handler(message, channel);
  }

  #remove(channel: string, handler: ChannelHandler): void {
    const handlers = this.#wanted.get(channel);
    if (!handlers?.delete(handler) || handlers.size > 0) return;
    this.#wanted.delete(channel);
    // A failure means that the connection is gone, and the subscription with it.
    if (this.#redis.status === "ready") this.#redis.sunsubscribe(channel).catch(() => {});
  }

  async #subscribe(channel: string): Promise<void> {
    if (this.#redis.status !== "ready") return;
    const handlers = this.#wanted.get(channel);
    const confirmed = this.#confirmed;
    try {
      await this.#redis.ssubscribe(channel);
      // If the channel was given up meanwhile, these handlers are in use no more.
      if (handlers) confirmed.add(handlers);
    } catch {
      // No confirmation: a new connection subscribes everything again.
      if (!this.#closed && this.#redis.status === "ready") this.#redis.disconnect(true);
    }
  }

  async #subscribeAgain(): Promise<void> {
    await Promise.all([...this.#wanted.keys()].map((channel) => this.#subscribe(channel)));
    if (this.#closed || this.#redis.status !== "ready") return;
    this.#ready = true;
    for (const handler of this.#returns) handler();
  }

  /** A subscriber may be silent for long, so a dead connection shows only when something is asked: the client's socketTimeout ends it. */
  #probe(): void {
    this.#stopProbe = this.#clock.after(3 * BEAT_INTERVAL_MS, () => {
      if (this.#redis.status === "ready") this.#redis.ping().catch(() => {});
      this.#probe();
    });
  }
}
