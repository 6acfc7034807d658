// A server's own channel: what other servers say to it, and what it says to them. At most once, as the bus; whoever needs an answer
// asks again or does without.

import type { ServerId } from "../room/room-port.ts";
import type { Bus } from "./bus.ts";
import { inboxChannel } from "./channels.ts";
import { decodeInbox, encodeInbox, type InboxMessage } from "./inbox-envelope.ts";
import type { ClusterMetrics } from "./telemetry.ts";

export interface InboxDependencies {
  readonly bus: Bus;
  readonly metrics: ClusterMetrics;
  readonly self: ServerId;
  readonly onMessage: (message: InboxMessage) => void;
}

export class Inbox {
  readonly #deps: InboxDependencies;
  readonly #subscription: Promise<() => void>;
  #closed = false;

  constructor(deps: InboxDependencies) {
    this.#deps = deps;
    this.#subscription = deps.bus.subscribe(inboxChannel(deps.self), (bytes) => this.#receive(bytes));
  }

  send(to: ServerId, message: InboxMessage): void {
    const bytes = encodeInbox(message);
    this.#deps.metrics.relayed("out", message.kind, bytes.length);
    this.#deps.bus.publish(inboxChannel(to), bytes);
  }

  close(): void {
    this.#closed = true;
    void this.#subscription.then((unsubscribe) => unsubscribe());
  }

  #receive(bytes: Uint8Array): void {
    const message = decodeInbox(bytes);
    // Another version's message, or nonsense: whoever sent it gets no answer and goes on without.
    if (!message || this.#closed) return;
    this.#deps.metrics.relayed("in", message.kind, bytes.length);
    this.#deps.onMessage(message);
  }
}
