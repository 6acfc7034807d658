// A wire between a server and Redis that can be made slow, or cut without a word: bytes are held back, connections stay.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

interface Leg {
  readonly near: Socket;
  readonly far: Socket;
  /** On the way to Redis, oldest first: a delay that changes must not change the order. */
  readonly late: Buffer[];
}

export class RedisProxy {
  readonly #server: Server;
  readonly #legs = new Set<Leg>();
  #isCut = false;
  #delayMs = 0;

  private constructor(redisUrl: string) {
    const { hostname, port } = new URL(redisUrl);
    this.#server = createServer((near) => this.#join(near, connect(Number(port || 6379), hostname)));
  }

  static async open(redisUrl: string): Promise<RedisProxy> {
    const proxy = new RedisProxy(redisUrl);
    await once(proxy.#server.listen(0, "127.0.0.1"), "listening");
    return proxy;
  }

  /** What REDIS_URL is to say. */
  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Whatever is sent to Redis from now on arrives this much later; answers come at once. */
  setDelay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** Nothing passes in either direction, as behind a cable that was pulled: the system's buffers keep what they can. */
  cut(): void {
    this.#isCut = true;
    for (const { near, far } of this.#legs) {
      near.pause();
      far.pause();
    }
  }

  /** What was held back arrives now. */
  heal(): void {
    this.#isCut = false;
    for (const { near, far } of this.#legs) {
      near.resume();
      far.resume();
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const { near, far } of this.#legs) {
      near.destroy();
      far.destroy();
    }
    await once(this.#server, "close");
  }

  #join(near: Socket, far: Socket): void {
    const leg: Leg = { near, far, late: [] };
    this.#legs.add(leg);
    near.setNoDelay();
    far.setNoDelay();
    near.on("data", (chunk) => {
      leg.late.push(chunk);
      if (this.#delayMs === 0 && leg.late.length === 1) far.write(leg.late.shift()!);
      else setTimeout(() => far.write(leg.late.shift()!), this.#delayMs);
    });
    far.on("data", (chunk) => near.write(chunk));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => {}); // its close follows, and is passed on
      one.on("close", () => {
        this.#legs.delete(leg);
        other.destroy();
      });
    }
    if (!this.#isCut) return;
    near.pause();
    far.pause();
  }
}
