// The bus in this process's memory, on a clock that is passed in: for tests and for the simulation. A MemoryBusHub stands for Redis;
// each server has a link to it that can be cut, slowed and healed.

import type { Clock } from "../clock.ts";
import type { Bus, BusHandler } from "./bus.ts";
import { MemoryLane } from "./memory-lane.ts";

/** What Redis would do: hands every message to whoever is subscribed. */
export class MemoryBusHub {
  readonly clock: Clock;
  readonly #members = new Set<MemoryBus>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  connect(): MemoryBus {
    const bus = new MemoryBus(this);
    this.#members.add(bus);
    return bus;
  }

  disconnect(bus: MemoryBus): void {
    this.#members.delete(bus);
  }

  deliver(channel: string, bytes: Uint8Array): void {
    for (const member of this.#members) member.receive(channel, bytes);
  }
}

export class MemoryBus implements Bus {
  readonly #hub: MemoryBusHub;
  readonly #handlers = new Map<string, Set<BusHandler>>();
  readonly #returns = new Set<() => void>();
  readonly #out: MemoryLane;
  readonly #in: MemoryLane;
  #cut = false;
  /** One way, milliseconds; messages never overtake each other. */
  delayMs = 1;

  constructor(hub: MemoryBusHub) {
    this.#hub = hub;
    this.#out = new MemoryLane(hub.clock);
    this.#in = new MemoryLane(hub.clock);
  }

  get connected(): boolean {
    return !this.#cut;
  }

  /** While cut nothing goes out or comes in, and what is under way is lost. Healing tells the `onReturn` handlers. */
  set cut(cut: boolean) {
    const returns = this.#cut && !cut;
    this.#cut = cut;
    if (returns) for (const handler of this.#returns) handler();
  }

  /** While stalled messages wait on the way in both directions, and nobody is told. */
  set stalled(stalled: boolean) {
    this.#out.stalled = stalled;
    this.#in.stalled = stalled;
  }

  publish(channel: string, bytes: Uint8Array): void {
    if (this.#cut) return;
    const sent = bytes.slice();
    this.#out.send(this.delayMs, () => {
      if (!this.#cut) this.#hub.deliver(channel, sent);
    });
  }

  async subscribe(channel: string, handler: BusHandler): Promise<() => void> {
    const handlers = this.#handlers.get(channel) ?? new Set();
    this.#handlers.set(channel, handlers.add(handler));
    return () => {
      handlers.delete(handler);
      if (handlers.size === 0 && this.#handlers.get(channel) === handlers) this.#handlers.delete(channel);
    };
  }

  receive(channel: string, bytes: Uint8Array): void {
    if (!this.#handlers.has(channel)) return;
    this.#in.send(this.delayMs, () => {
      if (this.#cut) return;
      for (const handler of this.#handlers.get(channel) ?? []) handler(bytes);
    });
  }

  onReturn(handler: () => void): () => void {
    this.#returns.add(handler);
    return () => this.#returns.delete(handler);
  }

  async close(): Promise<void> {
    this.#hub.disconnect(this);
    this.#handlers.clear();
    this.#returns.clear();
  }
}
