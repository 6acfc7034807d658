// Connections to targets. Ordinary requests share kept-alive ones, target by target; an upgrade gets one of its own.

import { Agent, type ClientRequestArgs } from "node:http";
import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { groupArnOf, type TargetKey } from "../model/types.ts";
import type { TargetRoute } from "../routing/table.ts";
import type { IdleWatch } from "./idle-watch.ts";

export class ConnectTimeout extends Error {
  readonly code = "ALB_CONNECT_TIMEOUT";
}

/** The target has as many connections as it may have. */
export class TooManyConnections extends Error {
  readonly code = "ALB_TOO_MANY_CONNECTIONS";
}

export interface PoolDependencies {
  readonly clock: Clock;
  readonly idleWatch: IdleWatch;
  readonly onConnection: (groupArn: string, event: "open" | "close") => void;
  /** TCP came about, TLS did not. */
  readonly onHandshakeFailed: (groupArn: string) => void;
  /** Connections to one target; default: the named limit. */
  readonly maxTargetConnections?: number;
}

export class TargetPool {
  readonly #deps: PoolDependencies;
  readonly #agents = new Map<TargetKey, TargetAgent>();
  /** Connections to each target, those under way to it among them. */
  readonly #open = new Map<TargetKey, number>();

  constructor(deps: PoolDependencies) {
    this.#deps = deps;
  }

  /** The latest `idleTimeoutMs` counts for all connections to the target. */
  agent(target: TargetRoute, idleTimeoutMs: number): Agent {
    const known = this.#agents.get(target.key);
    if (known) {
      known.idleTimeoutMs = idleTimeoutMs;
      return known;
    }
    const agent = this.#newAgent(target, idleTimeoutMs, limits.maxIdleTargetConnections);
    this.#agents.set(target.key, agent);
    return agent;
  }

  /** For one request, whose connection is closed after it. */
  agentForOne(target: TargetRoute, idleTimeoutMs: number): Agent {
    return this.#newAgent(target, idleTimeoutMs, 0);
  }

  /** A new connection. It is destroyed with ConnectTimeout when it does not come about in time. Throws TooManyConnections. */
  connect(target: TargetRoute): Socket {
    const { clock, onConnection, onHandshakeFailed } = this.#deps;
    const groupArn = groupArnOf(target.key);
    const address = { host: target.id, port: target.port, noDelay: true };
    const secure = target.protocol === "HTTPS";
    const open = this.#open.get(target.key) ?? 0;
    if (open >= (this.#deps.maxTargetConnections ?? limits.maxTargetConnections)) {
      throw new TooManyConnections("the target has as many connections as it may have");
    }
    this.#open.set(target.key, open + 1);
    // AWS does not verify the certificates of targets.
    const socket = secure ? tlsConnect({ ...address, rejectUnauthorized: false }) : connect(address);
    const timer = clock.after(limits.targetConnectTimeoutMs, () => socket.destroy(new ConnectTimeout()));
    let handshaking = false;
    socket.once("connect", () => {
      handshaking = secure;
      onConnection(groupArn, "open");
      socket.once("close", () => {
        onConnection(groupArn, "close");
        if (handshaking) onHandshakeFailed(groupArn);
      });
    });
    socket.once(secure ? "secureConnect" : "connect", () => {
      handshaking = false;
      timer.cancel();
    });
    socket.once("close", () => {
      timer.cancel();
      const left = (this.#open.get(target.key) ?? 1) - 1;
      if (left > 0) this.#open.set(target.key, left);
      else this.#open.delete(target.key);
    });
    return socket;
  }

  /** Lets go of waiting connections of targets that get no more requests; those in use go on. */
  retain(keys: ReadonlySet<TargetKey>): void {
    for (const [key, agent] of this.#agents) {
      if (keys.has(key)) continue;
      this.#agents.delete(key);
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    }
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #newAgent(target: TargetRoute, idleTimeoutMs: number, maxFreeSockets: number): TargetAgent {
    return new TargetAgent(idleTimeoutMs, maxFreeSockets, (agent) => {
      const socket = this.connect(target);
      this.#watchIdle(socket, agent);
      return socket;
    });
  }

  #watchIdle(socket: Socket, agent: TargetAgent): void {
    const unwatch = this.#deps.idleWatch.add({
      bytesMoved: () => socket.bytesRead + socket.bytesWritten,
      timeoutMs: () => agent.idleTimeoutMs,
      onIdle: () => {
        const waiting = Object.values(agent.freeSockets).some((sockets) => sockets?.includes(socket));
        // One that is in use is ended by its exchange, which hears of it here.
        if (waiting) socket.destroy();
        else socket.emit("timeout");
      },
    });
    socket.once("close", unwatch);
  }
}

class TargetAgent extends Agent {
  idleTimeoutMs: number;
  readonly #open: (agent: TargetAgent) => Socket;

  constructor(idleTimeoutMs: number, maxFreeSockets: number, open: (agent: TargetAgent) => Socket) {
    super({ keepAlive: maxFreeSockets > 0, maxFreeSockets });
    this.idleTimeoutMs = idleTimeoutMs;
    this.#open = open;
  }

  override createConnection(_options: ClientRequestArgs): Socket {
    return this.#open(this);
  }
}
