// Messages between servers by channel: at most once, in order from one publisher to one subscriber, lost while Redis is away.

export type BusHandler = (bytes: Uint8Array) => void;

export interface Bus {
  /** True while messages go out and come in. */
  readonly connected: boolean;
  /** Never throws and never waits; what cannot go out is lost. */
  publish(channel: string, bytes: Uint8Array): void;
  /**
   * Resolves when the subscription is in force, or while the bus is away at once: it comes into force by itself. The answer ends it.
   * Never rejects.
   */
  subscribe(channel: string, handler: BusHandler): Promise<() => void>;
  /** Called after every return of the bus, when all subscriptions are in force again. The answer ends it. */
  onReturn(handler: () => void): () => void;
  close(): Promise<void>;
}
