// A door that is far away: what connects to it reaches the target behind it as over a long way, with TCP's handshake, and what comes back
// takes as long. So browsers measure, greet and play as if a region on this machine were on another continent.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { Refusal } from "../refusal.ts";
import { DelayLine } from "./delay-line.ts";

/** Connections at a time; further ones are closed at once. */
const CONNECTIONS_MAX = 4_096;
/** What `localhost` may mean. Where a machine has no IPv6, the first is enough. */
const HOSTS = ["127.0.0.1", "::1"] as const;

export interface RelayOptions {
  /** Where to listen, on loopback. */
  readonly port: number;
  readonly target: { readonly host: string; readonly port: number };
  /** Half of it each way. */
  readonly rttMs: number;
  readonly clock: Clock;
}

export class Relay {
  readonly #options: RelayOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Resolves when it listens. Throws a Refusal when it cannot. */
  async start(): Promise<void> {
    const { port } = this.#options;
    for (const host of HOSTS) {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#carry(near));
      server.maxConnections = CONNECTIONS_MAX;
      server.listen({ host, port });
      try {
        await once(server, "listening");
        this.#servers.push(server);
      } catch (error) {
        const hasNoSuchAddress = (error as NodeJS.ErrnoException).code === "EADDRNOTAVAIL";
        if (host === "::1" && hasNoSuchAddress) continue;
        await this.close();
        throw new Refusal("relay-failed", `Cannot listen on ${host} port ${port}: ${(error as Error).message}.`);
      }
    }
  }

  /** Cuts what is open. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  }

  #carry(near: Socket): void {
    const { target, rttMs, clock } = this.#options;
    const far = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const delayMs = rttMs / 2;
    // The client's kernel has the connection at once. Over a long way it would send nothing before it has an answer to its first packet.
    const out = new DelayLine({ clock, delayMs, opensAtMs: clock.nowMs() + rttMs });
    const back = new DelayLine({ clock, delayMs });
    near.pipe(out).pipe(far);
    far.pipe(back).pipe(near);
    const cut = () => {
      // Not by a reset: Node 20 never ends after one on a socket whose shutdown is under way.
      for (const part of [near, far, out, back]) part.destroy();
    };
    // Refused, reset or timed out: the connection is no more, at both ends.
    for (const part of [near, far, out, back]) part.on("error", cut);
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        if (!socket.readableEnded) cut();
      });
    }
  }
}
