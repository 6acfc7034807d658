// Puts the data plane together: ports, fronts, dispatcher, target connections, idle watch. Everything that holds a socket is
// reached from here and ends with close().

import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { TargetKey } from "../model/types.ts";
import { createCookieSeal, SEAL_KEY_BYTES } from "../routing/cookie-seal.ts";
import { emptyTable, type GroupRoute, type RoutingTable } from "../routing/table.ts";
import { defaultSwitches, type Switches } from "../switches.ts";
import { createAffinity } from "./affinity.ts";
import { AnomalyWatch } from "./anomaly-watch.ts";
import { type ClientConnection, endIfStalled, plainAddress } from "./client-connection.ts";
import { Dispatcher } from "./dispatcher.ts";
import { type AcceptedConnection, EntryPorts, type FailedHandshake } from "./entry-ports.ts";
import { rawErrorPage } from "./error-page.ts";
import type { Exchange } from "./exchange.ts";
import { createHttp1Front, hasHalfRequest } from "./http1-front.ts";
import { serveHttp2 } from "./http2-front.ts";
import { IdleWatch } from "./idle-watch.ts";
import type { ExchangeRecord } from "./record.ts";
import type { RefusedRequest } from "./refused-request.ts";
import { TargetPool } from "./target-pool.ts";
import { TlsContexts } from "./tls-contexts.ts";
import type { Tunnel } from "./tunnel.ts";
import { Workload } from "./workload.ts";

/** What the data plane tells about itself, for logs and metrics. */
export interface DataPlaneEvents {
  /** TCP connections of clients, by the load balancer's `app/name/id`. */
  clientConnection(loadBalancer: string, event: "open" | "close"): void;
  targetConnection(groupArn: string, event: "open" | "close"): void;
  rejected(loadBalancer: string): void;
  /** A client may send its first request; `handshakeMs` is what TLS took. */
  accepted(client: ClientConnection, handshakeMs: number | undefined): void;
  handshakeFailed(failed: FailedHandshake): void;
  targetHandshakeFailed(groupArn: string): void;
  badRequest(client: ClientConnection, status: number): void;
  /** The same once more, when the answer is out and the connection closed. */
  refused(request: RefusedRequest): void;
  routed(record: ExchangeRecord): void;
  tunnelOpened(tunnel: Tunnel, record: ExchangeRecord): void;
  done(record: ExchangeRecord, tunnel: Tunnel | undefined): void;
  /** A fault of our own; its exchange was broken off, everything else goes on. */
  failed(error: Error): void;
}

export interface DataPlaneDependencies {
  readonly clock: Clock;
  readonly bind: readonly string[];
  readonly events: DataPlaneEvents;
  readonly maxClientConnections?: number;
  readonly maxTargetConnections?: number;
  /** Seals stickiness cookies; default: made now, so that a restart unsticks everybody. */
  readonly sealKey?: Buffer;
  readonly switches?: Switches;
}

export class DataPlane {
  readonly ports: EntryPorts;
  readonly workload = new Workload();
  readonly anomalies: AnomalyWatch;
  readonly #clock: Clock;
  readonly #events: DataPlaneEvents;
  readonly #idleWatch: IdleWatch;
  readonly #pool: TargetPool;
  readonly #dispatcher: Dispatcher;
  readonly #contexts: TlsContexts;
  readonly #http1: ReturnType<typeof createHttp1Front>;
  /** TCP connections of clients, below any TLS. */
  readonly #sockets = new Set<Socket>();
  readonly #served = new Set<ClientConnection>();
  readonly #clients = new WeakMap<Socket, ClientConnection>();
  readonly #maxClientConnections: number;
  #table: RoutingTable = emptyTable;
  #onEmpty: () => void = () => {};

  constructor({ clock, bind, events, ...options }: DataPlaneDependencies) {
    const { switches = defaultSwitches, sealKey = randomBytes(SEAL_KEY_BYTES) } = options;
    this.#maxClientConnections = options.maxClientConnections ?? limits.maxClientConnections;
    this.anomalies = new AnomalyWatch(clock);
    this.#clock = clock;
    this.#events = events;
    this.#idleWatch = new IdleWatch(clock);
    this.#contexts = new TlsContexts();
    this.#pool = new TargetPool({
      ...{ clock, idleWatch: this.#idleWatch },
      onConnection: (groupArn, event) => events.targetConnection(groupArn, event),
      onHandshakeFailed: (groupArn) => events.targetHandshakeFailed(groupArn),
      ...(options.maxTargetConnections && { maxTargetConnections: options.maxTargetConnections }),
    });
    const table = () => this.#table;
    this.#dispatcher = new Dispatcher({
      ...{ clock, table, pool: this.#pool, workload: this.workload, anomalies: this.anomalies, switches },
      affinity: createAffinity({
        ...{ clock, cookiesOn101: switches.cookiesOn101 },
        seal: createCookieSeal({ key: sealKey, randomBytes }),
      }),
      random: Math.random,
      randomHex,
      onRouted: (record) => {
        record.client.latestTarget = record.target;
        events.routed(record);
      },
      onTunnel: (tunnel, record) => {
        record.client.tunnelled = true;
        events.tunnelOpened(tunnel, record);
      },
      onDone: (record, tunnel) => events.done(record, tunnel),
    });
    this.#http1 = createHttp1Front({
      clock,
      connectionOf: (socket) => this.#clients.get(socket),
      onExchange: (exchange) => this.#handle(exchange),
      onBadRequest: (client, status) => this.#refused(client, status),
    });
    this.ports = new EntryPorts({
      ...{ clock, bind, table, contexts: this.#contexts },
      admit: (socket, listener) => this.#admit(socket, listener.loadBalancer.name),
      onConnection: (accepted) => this.#serve(accepted),
      onHandshakeFailed: (failed) => events.handshakeFailed(failed),
    });
  }

  /** The next request uses this table; those under way keep theirs. */
  publish(table: RoutingTable): void {
    this.#table = table;
    this.ports.follow(table);
    const groups = groupsOf(table);
    this.anomalies.follow(groups);
    this.#pool.retain(new Set(groups.flatMap((group) => group.targets.map((each) => each.key))));
  }

  /** Connections of clients that are open, oldest first. */
  get clients(): ReadonlySet<ClientConnection> {
    return this.#served;
  }

  /** The deregistration delay is over. */
  cut(key: TargetKey): void {
    this.workload.cut(key);
  }

  /** Waiting connections end at once, tunnels with FIN; what is left after `graceMs` is broken off. */
  async close(graceMs: number): Promise<void> {
    this.ports.close();
    this.#idleWatch.close();
    this.workload.cutAll();
    this.#pool.close();
    for (const client of this.#served) if (client.openExchanges === 0) client.socket.destroy();
    if (graceMs > 0 && this.#sockets.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
        this.#clock.after(graceMs, resolve);
      });
    }
    for (const socket of this.#sockets) socket.destroy();
    this.#http1.close();
  }

  #handle(exchange: Exchange): void {
    try {
      this.#dispatcher.handle(exchange);
    } catch (error) {
      exchange.abort();
      this.#events.failed(error as Error);
    }
  }

  #admit(socket: Socket, loadBalancer: string): boolean {
    if (this.#sockets.size >= this.#maxClientConnections) {
      this.#events.rejected(loadBalancer);
      return false;
    }
    this.#sockets.add(socket);
    this.#events.clientConnection(loadBalancer, "open");
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#onEmpty();
      this.#events.clientConnection(loadBalancer, "close");
    });
    return true;
  }

  #serve({ socket, tlsSocket, listener, http2, handshakeMs }: AcceptedConnection): void {
    const nowMs = this.#clock.nowMs();
    const serverName = tlsSocket && typeof tlsSocket.servername === "string" ? tlsSocket.servername : undefined;
    const client: ClientConnection = {
      socket,
      peerAddress: plainAddress(socket.remoteAddress ?? "-"),
      peerPort: socket.remotePort ?? 0,
      localAddress: plainAddress(socket.localAddress ?? "-"),
      port: listener.port,
      tls: tlsSocket && {
        cipher: tlsSocket.getCipher()?.standardName ?? "-",
        protocol: tlsSocket.getProtocol() ?? "-",
        serverName,
        certificateArn: tlsSocket.isSessionReused() ? "session-reused" : this.#contexts.shownArn(listener, tlsSocket),
      },
      http2,
      acceptedAtMs: nowMs,
      keepAliveUntilMs: nowMs + listener.loadBalancer.clientKeepAliveMs,
      traceId: `TID_${randomHex(16)}`,
      listener,
      openExchanges: 0,
      latestTarget: undefined,
      tunnelled: false,
      accounted: { read: 0, written: 0 },
      headSinceMs: undefined,
      ending: false,
      onIdle: () => {},
    };
    client.onIdle = () => this.#idleHttp1(client);
    this.#clients.set(socket, client);
    this.#served.add(client);
    this.#events.accepted(client, handshakeMs);
    const unwatch = this.#idleWatch.add({
      bytesMoved: () => socket.bytesRead + socket.bytesWritten,
      timeoutMs: () => client.listener.loadBalancer.idleTimeoutMs,
      onIdle: () => client.onIdle(),
      ...(!http2 && { onSweep: (nowMs) => this.#limitHead(client, nowMs) }),
    });
    socket.once("close", () => {
      unwatch();
      this.#served.delete(client);
    });
    if (http2 && tlsSocket) {
      serveHttp2(tlsSocket, client, {
        clock: this.#clock,
        onExchange: (exchange) => this.#handle(exchange),
      });
    } else this.#http1.emit("connection", socket);
  }

  /** No byte for the idle timeout: half a request gets 408, a waiting connection is closed without a word. */
  #idleHttp1(client: ClientConnection): void {
    const { socket } = client;
    // The leg to the target runs out as well and ends the exchange; a client that does not read ends here.
    if (client.openExchanges > 0) endIfStalled(client, this.#clock);
    else if (headBegun(client) || hasHalfRequest(socket)) this.#refuseLate(client);
    else socket.end(() => socket.destroy());
  }

  /** Node's own limit is kept only by servers that listen themselves, and the front does not. */
  #limitHead(client: ClientConnection, nowMs: number): void {
    if (client.socket.writableEnded || !headBegun(client)) {
      client.headSinceMs = undefined;
      return;
    }
    client.headSinceMs ??= nowMs;
    if (nowMs - client.headSinceMs >= limits.requestHeadTimeoutMs) this.#refuseLate(client);
  }

  #refused(client: ClientConnection, status: number): void {
    const { socket, headSinceMs, accounted } = client;
    const { written } = accounted;
    const startedAtMs = headSinceMs ?? this.#clock.nowMs();
    this.#events.badRequest(client, status);
    socket.once("close", () => {
      const sentBytes = socket.bytesWritten - written;
      this.#events.refused({ client, status, startedAtMs, endedAtMs: this.#clock.nowMs(), sentBytes });
    });
  }

  #refuseLate(client: ClientConnection): void {
    const { socket } = client;
    this.#refused(client, 408);
    socket.end(rawErrorPage(408, new Date(this.#clock.nowMs())), () => socket.destroy());
  }
}

const headBegun = ({ openExchanges, socket, accounted }: ClientConnection) =>
  openExchanges === 0 && socket.bytesRead > accounted.read;

const randomHex = (digits: number) =>
  randomBytes(Math.ceil(digits / 2))
    .toString("hex")
    .slice(0, digits);

/** Each group once, that something forwards to. */
function groupsOf(table: RoutingTable): readonly GroupRoute[] {
  const groups = new Set<GroupRoute>();
  for (const listener of table.listeners.values()) {
    for (const { action } of listener.rules) {
      if (action.kind === "forward") for (const { group } of action.groups) groups.add(group);
    }
  }
  return [...groups];
}
